"""The ways in which an endpoint misbehaves: each has a name, a stage, and the exit codes that are right for the run."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.adversary.proxy import CREATE, DRY_RUN, IDENTITY, PLAN, READ, VERIFY, Exchange
from tests.fake_aws.server import ACCOUNT, REGION
from tests.fake_aws.wire import Answer, AwsError, error_answer

ALWAYS = 10_000
JSON = {"Content-Type": "application/json"}
XML = {"Content-Type": "text/xml"}
ARN = f"arn:aws:imagebuilder:{REGION}:{ACCOUNT}:infrastructure-configuration/golden-web"
OK, REFUSED, OTHER, UNKNOWN = 0, 5, 6, 7
Act = Callable[[Exchange], None]


@dataclass(frozen=True)
class Misbehaviour:
    """One way to misbehave."""

    name: str
    stage: str
    act: Act
    codes: frozenset[int]
    """The exit codes that are right."""
    times: int = ALWAYS
    slow: bool = False
    """Whether only the deadline ends it."""
    kept: bool = True
    """Whether a receipt is there after the next run."""


# --- answers in place of the service's --------------------------------------------------------------------------------


def say(status: int, body: bytes | str = b"", headers: dict[str, str] | None = None) -> Act:
    """Answer without forwarding."""
    data = body.encode() if isinstance(body, str) else body
    return lambda x: x.send(Answer(status, data, JSON if headers is None else headers))


def fail(code: str, message: str = "This is said by the proxy.", status: int = 400) -> Act:
    """Answer with an error of the service, without forwarding."""
    return lambda x: x.send(error_answer(x.call.service, AwsError(code, message, status)))


def raw(data: bytes) -> Act:
    """Send bytes and close, without forwarding."""
    return lambda x: x.raw(data)


def after(act: Act) -> Act:
    """Forward the call, drop the answer, then misbehave."""

    def both(x: Exchange) -> None:
        x.forward()
        act(x)

    return both


def altered(change: Callable[[dict[str, Any]], Any]) -> Act:
    """Forward the call, and change the JSON of its answer."""

    def act(x: Exchange) -> None:
        answer = x.forward()
        data = json.loads(answer.body)
        changed = change(data)
        x.send(Answer(answer.status, json.dumps(data if changed is None else changed).encode(), JSON))

    return act


def shown(**members: Any) -> Act:
    """Change members of the configuration that Get returns; None removes one."""

    def change(data: dict[str, Any]) -> None:
        found = data.get("infrastructureConfiguration", {})
        found.update({key: value for key, value in members.items() if value is not None})
        for key in [key for key, value in members.items() if value is None]:
            found.pop(key, None)

    return altered(change)


def wire(make: Callable[[Answer], bytes]) -> Act:
    """Forward the call, and send its answer as other bytes."""
    return lambda x: x.raw(make(x.forward()))


def head(answer: Answer, *lines: str, status: str = "200 OK") -> bytes:
    """The bytes of an answer with these lines in its head."""
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + answer.body


def _twice(x: Exchange) -> None:
    x.forward()
    x.send(x.forward())


def _again(x: Exchange) -> None:
    x.send(x.proxy.kept[-1])


def _echo(x: Exchange) -> None:
    said = " ".join(f"{name}={value}" for name, value in x.request.headers.items())
    fail("InvalidSignatureException", f"The canonical request was: {said} {x.request.body!r}", 403)(x)


def _without_dry_run(x: Exchange) -> None:
    body = json.loads(x.request.body)
    body.pop("dryRun", None)
    x.send(x.forward(json.dumps(body).encode()))


def _changing(x: Exchange) -> None:
    shown(description=f"version {x.proxy.misbehaved}")(x)


def _late(x: Exchange) -> None:
    x.proxy.wait(0.7)
    x.send(x.forward())


def _identity(account: str, arn: str = "arn:aws:iam::{}:user/x") -> Act:
    text = (
        "<GetCallerIdentityResponse><GetCallerIdentityResult>"
        f"<Arn>{arn.format(account)}</Arn><UserId>X</UserId><Account>{account}</Account>"
        "</GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
    return say(200, text, XML)


def _acknowledged(arn: Any) -> Act:
    """Let the create take effect, and acknowledge it with another ARN."""
    return altered(lambda data: data.update(infrastructureConfigurationArn=arn))


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><x>&j;</x>"
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x><Account>&a;</Account></x>'
HTML = "<html><body><h1>Welcome to the hotel</h1><a href='/login'>Log in</a></body></html>"
DEEP = "[" * 100_000
GZIP = {**JSON, "Content-Encoding": "gzip"}


def _huge(x: Exchange) -> None:
    say(200, b'{"x": "' + b"y" * (30 << 20) + b'"}')(x)


def _bomb(x: Exchange) -> None:
    say(200, _blanks(), GZIP)(x)


@cache
def _blanks() -> bytes:
    """200 megabytes of blanks, compressed."""
    made = zlib.compressobj(wbits=31)
    return b"".join(made.compress(b" " * (1 << 20)) for _ in range(200)) + made.flush()


BROKEN: dict[str, Act] = {
    "reset": Exchange.reset,
    "closed": Exchange.close,
    "garbage": raw(bytes(range(256)) * 8),
    "alert of TLS": raw(b"\x15\x03\x01\x00\x02\x02\x28"),
    "cut status line": raw(b"HTTP/1.1 20"),
    "cut head": raw(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "no status line": raw(b'{"requestId": "r-1"}'),
    "empty body": say(200),
    "page of a portal": say(200, HTML, {"Content-Type": "text/html"}),
    "half of JSON": say(200, '{"infrastructureConfigurationArn": "arn:aws'),
    "null": say(200, "null"),
    "list": say(200, "[]"),
    "number": say(200, "17"),
    "empty object": say(200, "{}"),
    "not UTF-8": say(200, b'{"requestId": "\xff\xfe"}'),
    "nested deeply": say(200, DEEP),
    "wrong length": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}"),
    "length that is no number": raw(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}"),
    "two lengths": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 700\r\n\r\n{}"),
    "wrong chunks": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
    "gzip that is none": say(200, "{}", GZIP),
    "a thousand headers": raw(b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 1000 + b"Content-Length: 2\r\n\r\n{}"),
    "a header of a megabyte": raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\nContent-Length: 2\r\n\r\n{}"),
    "another protocol": raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
    "no content": raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "page of a gateway": say(502, HTML, {"Content-Type": "text/html"}),
    "busy": say(503, "", {"Retry-After": "100000"}),
}
"""Answers from which nothing can be learnt."""

REDIRECTS: dict[str, Act] = {
    "redirect to itself": lambda x: say(307, "", {"Location": x.proxy.endpoint + "/"})(x),
    "redirect to another host": say(302, "", {"Location": "http://127.0.0.1:9/x"}),
    "redirect to a file": say(301, "", {"Location": "file:///etc/passwd"}),
}
REFUSALS = {
    "expired token": fail("ExpiredTokenException", "The security token included in the request is expired", 403),
    "clock of another day": fail("RequestTimeTooSkewed", "The difference is too large.", 403),
    "signature of another day": fail("InvalidSignatureException", "Signature expired: 20200101 is now earlier", 403),
    "echo of secrets": _echo,
    "denied": fail("AccessDeniedException", "User is not authorized to perform: x:Y", 403),
    "denied by a proxy": say(403, HTML, {"Content-Type": "text/html"}),
    "unknown code": fail("SomethingElse\x1b[31m::error::", "\x1b]0;x\x07\u202e", 400),
    "message of a megabyte": fail("ClientException", "y" * 1_000_000),
}
"""Errors that say that nothing took effect."""


def _broken() -> Iterator[Misbehaviour]:
    """Answers from which nothing can be learnt, at each stage."""
    for name, act in BROKEN.items():
        yield Misbehaviour(f"identity: {name}", IDENTITY, act, frozenset({REFUSED}))
        yield Misbehaviour(f"read: {name}", READ, act, frozenset({OK}))
        yield Misbehaviour(f"plan: {name}", PLAN, act, frozenset({REFUSED}))
        yield Misbehaviour(f"dry run: {name}", DRY_RUN, act, frozenset({REFUSED, UNKNOWN}))
        yield Misbehaviour(f"create: {name}, before", CREATE, act, frozenset({REFUSED, UNKNOWN}))
        yield Misbehaviour(f"create: {name}, after", CREATE, after(act), frozenset({OK}))
        yield Misbehaviour(f"create: {name}, once", CREATE, after(act), frozenset({OK}), times=1)
        yield Misbehaviour(f"verify: {name}", VERIFY, act, frozenset({UNKNOWN, OTHER}))


def _refusals() -> Iterator[Misbehaviour]:
    for name, act in {**REFUSALS, **REDIRECTS}.items():
        yield Misbehaviour(f"identity: {name}", IDENTITY, act, frozenset({REFUSED}))
        yield Misbehaviour(f"plan: {name}", PLAN, act, frozenset({REFUSED}))
        yield Misbehaviour(f"dry run: {name}", DRY_RUN, act, frozenset({REFUSED}))
        yield Misbehaviour(f"create: {name}", CREATE, act, frozenset({REFUSED, UNKNOWN}))
        yield Misbehaviour(f"create: {name}, after", CREATE, after(act), frozenset({OK}))
        yield Misbehaviour(f"verify: {name}", VERIFY, act, frozenset({UNKNOWN}))


SLOW: dict[str, Act] = {
    "hang": Exchange.hang,
    "drip of the head": lambda x: x.drip(b"HTTP/1.1 200 OK\r\nX: "),
    "drip of the body": lambda x: x.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{"),
    "endless chunks": lambda x: x.drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n \r\nfffff\r\n"),
    "continue without end": lambda x: x.drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
}


def _slow() -> Iterator[Misbehaviour]:
    for name, act in SLOW.items():
        yield Misbehaviour(f"identity: {name}", IDENTITY, act, frozenset({REFUSED}), slow=True)
        yield Misbehaviour(f"read: {name}", READ, act, frozenset({OK, REFUSED}), slow=True)
        yield Misbehaviour(f"plan: {name}", PLAN, act, frozenset({REFUSED}), slow=True)
        yield Misbehaviour(f"dry run: {name}", DRY_RUN, act, frozenset({REFUSED}), slow=True)
        yield Misbehaviour(f"create: {name}, before", CREATE, act, frozenset({UNKNOWN}), slow=True)
        yield Misbehaviour(f"create: {name}, after", CREATE, after(act), frozenset({OK}), slow=True)
        yield Misbehaviour(f"verify: {name}", VERIFY, act, frozenset({UNKNOWN}), slow=True)


def _one(name: str, stage: str, act: Act, *codes: int, **more: Any) -> Misbehaviour:
    return Misbehaviour(f"{stage}: {name}", stage, act, frozenset(codes), **more)


def _particular() -> Iterator[Misbehaviour]:
    """What makes sense at one stage only."""
    throttled = ("Throttling", "TooManyRequestsException", "CallRateLimitExceededException")
    for code in throttled:
        yield _one(f"{code}, once", CREATE, fail(code, status=429), OK, times=1)
        yield _one(code, CREATE, fail(code, status=429), REFUSED)
    for status in (500, 502, 503, 504, 408):
        yield _one(f"{status}, before", CREATE, say(status), UNKNOWN)
        yield _one(f"{status}, after", CREATE, after(say(status)), OK)
        yield _one(f"{status}, once after", CREATE, after(say(status)), OK, times=1)
    for code in ("ServiceQuotaExceededException", "IdempotentParameterMismatchException", "ResourceInUseException"):
        yield _one(code, CREATE, fail(code), REFUSED)
        yield _one(f"{code}, after", CREATE, after(fail(code)), OK)
    said = f"The following resource 'InfrastructureConfiguration' already exists: '{ARN}'."
    yield _one("exists, although it does not", CREATE, fail("ResourceAlreadyExistsException", said), UNKNOWN)
    yield _one(
        "exists, after", CREATE, after(fail("ResourceAlreadyExistsException", said)), OK, kept=False
    )  # somebody else may have made it
    yield _one("exists, although it does not", DRY_RUN, fail("ResourceAlreadyExistsException", said), UNKNOWN)
    yield _one("a missing profile, once", CREATE, fail("InvalidParameterValueException"), REFUSED, times=1)
    yield _one("sent twice", CREATE, _twice, OK)
    yield _one("sent twice", DRY_RUN, _twice, OK)
    yield _one("late", CREATE, _late, OK)
    yield _one("late", VERIFY, _late, OK)
    yield _one("answer of the call before", CREATE, after(_again), OK)
    yield _one("answer of the call before, not sent", CREATE, _again, REFUSED, UNKNOWN)
    acknowledged = json.dumps({"infrastructureConfigurationArn": ARN, "requestId": "r-1"})
    yield _one("acknowledged without effect", CREATE, say(200, acknowledged), UNKNOWN)
    yield _one("accepted without effect", DRY_RUN, say(200, acknowledged), UNKNOWN)
    yield _one("accepted with effect", DRY_RUN, _without_dry_run, OK)
    for name, arn in {
        "another account": ARN.replace(ACCOUNT, "999999999999"),
        "another Region": ARN.replace(REGION, "us-east-1"),
        "another name": ARN + "-2",
        "control characters": ARN + "\x1b[31m\r\n::error::",
        "no ARN": "",
        "a number": 17,
        "a list": [ARN],
    }.items():
        yield _one(f"acknowledged with {name}", CREATE, _acknowledged(arn), OK)
    yield from _gets()
    yield from _identities()
    yield from _sizes()


def _gets() -> Iterator[Misbehaviour]:
    never = fail("ResourceNotFoundException", "It is not there.", 404)
    yield _one("never there", VERIFY, never, UNKNOWN)
    yield _one("not there once", VERIFY, never, OK, times=1)
    yield _one("not there, by a proxy", VERIFY, say(404, HTML, {"Content-Type": "text/html"}), UNKNOWN)
    yield _one("not there, by a proxy", PLAN, say(404, HTML, {"Content-Type": "text/html"}), REFUSED)
    yield _one("not there, with 200", VERIFY, lambda x: say(200, '{"__type": "ResourceNotFoundException"}')(x), UNKNOWN)
    yield _one("changes each time", VERIFY, _changing, OTHER)
    yield _one("another name", VERIFY, shown(name="somebody"), OTHER)
    yield _one("other content", VERIFY, shown(instanceProfileName="admin"), OTHER)
    yield _one("more content", VERIFY, shown(keyPair="somebody"), OTHER)
    yield _one("less content", VERIFY, shown(instanceMetadataOptions=None), OTHER)
    yield _one("weaker content", VERIFY, shown(instanceMetadataOptions={"httpTokens": "optional"}), OTHER)
    yield _one("of another account", VERIFY, shown(arn=ARN.replace(ACCOUNT, "999999999999")), UNKNOWN)
    yield _one("control characters", VERIFY, shown(description="\x1b[31m\r\n::error::"), OTHER)
    yield _one("types that are wrong", VERIFY, shown(instanceTypes="m6i.large", tags=[1], name=5), OTHER, UNKNOWN)
    yield _one("null for a configuration", VERIFY, altered(lambda data: {"infrastructureConfiguration": None}), UNKNOWN)
    yield _one(
        "a list for a configuration", VERIFY, altered(lambda data: {"infrastructureConfiguration": [1]}), UNKNOWN, OTHER
    )
    body = json.dumps({"infrastructureConfiguration": {"arn": ARN, "name": "golden-web", "keyPair": "x"}})
    yield _one("there, although it is not", PLAN, say(200, body), OTHER)
    other = json.dumps({"infrastructureConfiguration": {"arn": ARN, "name": "Golden Web"}})
    yield _one("another name", PLAN, say(200, other), OTHER)


def _identities() -> Iterator[Misbehaviour]:
    # The receipt of a run that was told another account is in the folder of that account.
    yield _one("wrong account", IDENTITY, _identity("999999999999"), REFUSED)
    for name, account in {"no account": "", "short": "12", "path": "../../x", "words": "me::error::"}.items():
        yield _one(f"account: {name}", IDENTITY, _identity(account), REFUSED)
    yield _one("no ARN", IDENTITY, _identity(ACCOUNT, "nothing"), REFUSED, OK)
    yield _one("entity bomb", IDENTITY, say(200, BOMB, XML), REFUSED)
    yield _one("entity bomb", READ, say(200, BOMB, XML), OK)
    yield _one("external entity", IDENTITY, say(200, EXTERNAL, XML), REFUSED)
    yield _one("external entity", READ, say(200, EXTERNAL, XML), OK)
    yield _one("JSON for XML", IDENTITY, say(200, '{"Account": "1"}'), REFUSED)


def _sizes() -> Iterator[Misbehaviour]:
    for stage, codes in ((IDENTITY, (REFUSED,)), (PLAN, (REFUSED,)), (DRY_RUN, (REFUSED, UNKNOWN))):
        yield _one("30 megabytes", stage, _huge, *codes)
        yield _one("bomb of gzip", stage, _bomb, *codes)
    yield _one("30 megabytes, once", VERIFY, _huge, OK, UNKNOWN, times=1)
    yield _one("bomb of gzip, once", VERIFY, _bomb, OK, UNKNOWN, times=1)
    yield _one("30 megabytes, after", CREATE, after(_huge), OK)
    yield _one(
        "wrong type", CREATE, wire(lambda a: head(a, "Content-Type: image/png", f"Content-Length: {len(a.body)}")), OK
    )
    double = ("Content-Type: text/html", "Content-Type: application/json", "X-Amzn-RequestId: a", "X-Amzn-RequestId: b")
    yield _one("headers twice", CREATE, wire(lambda a: head(a, *double, f"Content-Length: {len(a.body)}")), OK)
    extra = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    yield _one("a second answer", CREATE, wire(lambda a: head(a, f"Content-Length: {len(a.body)}") + extra), OK)
    yield _one("date of another century", CREATE, wire(lambda a: head(a, "Date: Mon, 01 Jan 1900 00:00:00 GMT")), OK)
    yield _one("partial content", CREATE, wire(lambda a: head(a, status="206 Partial Content")), OK)


ALL: tuple[Misbehaviour, ...] = (*_broken(), *_refusals(), *_slow(), *_particular())
