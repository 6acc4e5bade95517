"""However a run is shared out, its report is the same to the byte, and a process that dies is a problem of the run."""

import gc
import io
import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

import iblint
from iblint import parallel
from iblint.cli import console as _console
from iblint.cli import main
from iblint.judge import Judge
from iblint.model.settings import Settings
from iblint.pipeline import check_paths
from iblint.report import FORMATS, Style, render
from iblint.session import Session
from tests.cli.conftest import BAD, GOOD

EXPORTS = """
Resources:
  Alarms:
    Type: AWS::SNS::Topic
    Properties: {TopicName: alarms}
Outputs:
  Topic: {Value: !Ref Alarms, Export: {Name: alarms-topic}}
"""
IMPORTS = """
Resources:
  Config:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Properties:
      Name: imports
      InstanceProfileName: builds
      SnsTopicArn: !ImportValue alarms-topic
"""
SIBLINGS = """
Resources:
  Config:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Properties: {Name: same-siblings, InstanceProfileName: !Ref Profile, SnsTopicArn: !Ref Topic}
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {Roles: [!Ref Role]}
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {KmsMasterKeyId: alias/aws/sns}
  Recipe:
    Type: AWS::ImageBuilder::ContainerRecipe
    Properties: {Name: recipe}
  Pipeline:
    Type: AWS::ImageBuilder::ImagePipeline
    Properties: {ContainerRecipeArn: !Ref Recipe, InfrastructureConfigurationArn: !Ref Config}
Outputs:
  Topic: {Value: !Ref Topic, Export: {Name: siblings-topic}}
"""


@pytest.fixture
def tree(folder: Path) -> Path:
    """What a run can meet: good and bad, names that collide, imports, settings for some files, problems, much else."""
    order = random.Random(7)
    for number in range(40):
        team = folder / f"team-{order.randrange(5)}"
        team.mkdir(exist_ok=True)
        text = (BAD if number % 3 else GOOD).replace("name: ", f"name: {'same' if number % 5 == 0 else number}-")
        (team / f"spec-{number}.yaml").write_text(text)
        (team / f"other-{number}.json").write_text('{"a": 1}')
    (folder / "team-4" / "many.yaml").write_text("---\n".join(BAD.replace("web", str(n)) for n in range(200)))
    (folder / "team-0" / "broken.yaml").write_text(BAD + "x: [\n")
    (folder / "team-1" / "imports.yaml").write_text(IMPORTS)
    (folder / "team-2" / "exports.template").write_text(EXPORTS)
    (folder / "team-3" / "almost.yaml").write_text("instanceTypes: [m7i.large]\n")
    (folder / ".iblint.yaml").write_text(
        "account: '123456789012'\nregion: eu-west-1\noverrides: [{files: [team-2/], build-type: container}]\n"
    )
    return folder


ARGS = ("check", ".", "team-3/almost.yaml", "-f", "json")


@pytest.fixture
def alone(tree, process) -> str:
    """The report of a single process."""
    done = process(*ARGS, "--jobs", "1")
    assert done.code == 4
    assert '"IB307"' in done.out
    assert "alarms" in done.out
    return done.out


@pytest.mark.parametrize("jobs", ["2", "3", "7", "200", "auto"])
def test_the_report_is_the_same_for_any_number_of_processes(alone, process, jobs):
    assert process(*ARGS, "--jobs", jobs).out == alone


@pytest.mark.parametrize("more", [[], ["-v"], ["--show", "passed"]], ids=" ".join)
@pytest.mark.parametrize("name", FORMATS)
def test_it_is_the_same_in_every_format(tree, capsys, name, more):
    """Processes leave out what a report does not show, and nothing else."""
    (tree / "siblings.yaml").write_text(SIBLINGS)
    (tree / "siblings-imported.yaml").write_text(IMPORTS.replace("alarms-topic", "siblings-topic"))
    reports = []
    for jobs in "12":
        assert main(["check", ".", "--format", name, *more, "--jobs", jobs]) == 4
        reports.append(capsys.readouterr().out)
    assert reports[0]
    assert reports[0] == reports[1]


def test_reasons_that_were_not_asked_for_are_never_shown_as_empty(tree):
    settings = Settings()
    told = check_paths(["."], settings, jobs=2).configurations[0].outcomes
    untold = check_paths(["."], settings, session=Session(reasons=False), jobs=2).configurations[0].outcomes
    assert untold.verdicts == told.verdicts
    assert all(outcome.rule for outcome in told)
    with pytest.raises(LookupError, match="Outcome 0 has no description"):
        list(untold)


def test_it_is_the_same_for_any_order_of_paths(tree):
    paths = [".", "team-3/almost.yaml", "team-0", "team-1/imports.yaml"]
    orders = list(itertools.permutations(paths))
    assert len({as_json(iblint.check(order)) for order in orders[::5]}) == 1


def test_standard_input_is_judged_with_the_rest(tree, process):
    one, two = (process("check", "-", ".", "-f", "json", "-j", jobs, stdin=BAD.encode()).out for jobs in "12")
    assert one == two
    assert "<stdin>" in one


def test_a_process_with_several_threads_is_not_forked(alone, tree, monkeypatch, capsys):
    """What another thread has locked would stay locked for ever in a copy of the process."""
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert main([*ARGS, "--jobs", "2"]) == 4
    finally:
        done.set()
        other.join()
    assert capsys.readouterr().out == alone


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_left_as_it_was(tree, on):
    was_on = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        iblint.check(".")
        assert gc.isenabled() == on
        with pytest.raises(iblint.UsageError):
            iblint.check("nowhere")
        assert gc.isenabled() == on
    finally:
        (gc.enable if was_on else gc.disable)()


def as_json(report: iblint.Report) -> str:
    return render("json", report, Style())


@pytest.mark.parametrize(
    "make",
    [lambda: ThreadPoolExecutor(3), lambda: ProcessPoolExecutor(2, get_context("spawn"))],
    ids=["threads", "processes"],
)
def test_it_is_the_same_with_an_executor(alone, make):
    with make() as executor:
        assert as_json(iblint.check([".", "team-3/almost.yaml"], executor=executor)) == alone


def test_the_workers_of_an_executor_may_stand_anywhere(alone, tree, tmp_path_factory, monkeypatch):
    """A worker's working folder is its own: names come from where the run was started."""
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        assert executor.submit(os.getcwd).result() != str(tree)
        monkeypatch.chdir(tree)
        assert as_json(iblint.check([".", "team-3/almost.yaml"], executor=executor)) == alone


def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly(ProcessPoolExecutor):
    """Its workers do not survive what they are given."""

    def submit(self, *_: object) -> Future:
        return super().submit(die)


class Failing(Executor):
    """Its tasks fail."""

    def submit(self, *_: object) -> Future:
        future: Future = Future()
        future.set_exception(OSError("the network is down"))
        return future


@pytest.mark.parametrize("make", [lambda: Deadly(1, get_context("spawn")), Failing], ids=["killed", "failed"])
def test_an_executor_whose_workers_die_leaves_a_problem(tree, make):
    with make() as executor:
        report = iblint.check(["team-0/broken.yaml"], executor=executor)
    (problem,) = report.problems
    assert problem.file == "team-0/broken.yaml"
    assert "failed (" in problem.message
    assert report.exit_code == 4


# --- processes that die -----------------------------------------------------------------------------------------------

WITH_CHILDREN = Path(f"/proc/self/task/{os.getpid()}/children")
needs_proc = pytest.mark.skipif(not WITH_CHILDREN.exists(), reason="needs /proc to find the processes of a run")


def begin(*args: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "iblint", "check", *args]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def children_of(run: subprocess.Popen, count: int) -> list[int]:
    """The processes that a run has forked, in order."""
    for _ in range(3000):
        found = [int(pid) for pid in Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()]
        if len(found) == count:
            return found
        time.sleep(0.01)
    raise AssertionError("the run has no such processes")


def busy_one(processes: list[int]) -> int:
    """The process that has worked for a while: both begin at once, and only one of them has much to do."""
    for _ in range(3000):
        for pid in processes:
            user_time = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])
            if user_time > 0.5 * os.sysconf("SC_CLK_TCK"):
                return pid
        time.sleep(0.01)
    raise AssertionError("no process works")


@pytest.fixture
def long_run(folder: Path) -> Path:
    """Two files, the first of which takes long enough to be met while it is in hand."""
    (folder / "a.yaml").write_text(BAD + "tags:\n" + "".join(f"  key-{n}: [{{a: b}}]\n" for n in range(200_000)))
    (folder / "b.yaml").write_text(BAD)
    return folder


@needs_proc
def test_a_process_that_is_killed_leaves_a_problem_with_the_file_in_its_hands(long_run):
    run = begin("--jobs", "2", "-f", "concise", ".")
    os.kill(busy_one(children_of(run, 2)), signal.SIGKILL)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 4
    assert "a.yaml:1:1: " in out
    assert "killed by signal 9" in out
    assert "b.yaml:7:15: error IB201" in out
    assert not err


@pytest.mark.skipif(sys.platform != "linux", reason="processes get the changed method only if they are forked")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_error_while_judging_leaves_a_problem_of_the_file(tree, monkeypatch, capsys, jobs):
    judge = Judge.judge

    def fail(self, resource, world):
        if resource.file == "team-4/many.yaml":
            raise MemoryError("no more")
        return judge(self, resource, world)

    monkeypatch.setattr(Judge, "judge", fail)
    monkeypatch.setattr(parallel, "can_fork", lambda: True)  # threads of other tests may still wait for an answer
    assert main(["check", ".", "--jobs", jobs, "--format", "json"]) == 4
    report = json.loads(capsys.readouterr().out)
    (problem,) = [p for p in report["problems"] if "MemoryError" in p["message"]]
    assert problem["file"] == "team-4/many.yaml"
    assert "judging this file (MemoryError: no more); not judged." in problem["message"]
    assert len(report["configurations"]) == 41


@needs_proc
def test_an_interrupt_ends_all_processes(long_run):
    run = begin("--jobs", "2", ".")
    children = children_of(run, 2)
    os.killpg(run.pid, signal.SIGINT)
    run.communicate(timeout=60)
    assert run.returncode == 130
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


@needs_proc
def test_processes_whose_parent_is_killed_end_by_themselves(long_run):
    run = begin("--jobs", "2", ".")
    children = children_of(run, 2)
    run.kill()
    run.communicate(timeout=60)
    for _ in range(6000):
        if not any(Path(f"/proc/{pid}").exists() for pid in children):
            return
        time.sleep(0.01)
    raise AssertionError("orphans")


@pytest.mark.parametrize("jobs", ["0", "-1", "two", "1.5", "", "257", "\u0664"])
def test_an_invalid_number_of_processes_is_an_error(folder, process, jobs):
    done = process("check", f"--jobs={jobs}", ".")
    assert done.code == 2
    assert "neither 'auto' nor a number from 1 to 256" in done.err


def test_a_configuration_error_in_a_process_is_printed_once(tree, process):
    (tree / ".iblint.yaml").write_text(
        "select: [IB201]\noverrides:\n- {files: [team-1/], ignore: [IB201]}\n- {files: [team-2/], select: [IB301]}\n"
    )
    one, two = (process("check", "--jobs", jobs, ".") for jobs in "12")
    assert one == two
    assert one.code == 2


# --- timings and progress ---------------------------------------------------------------------------------------------

TIMINGS = r"""timings: \d+\.\d{3} s
(  (rules|discover|read|load|extract|evaluate|report|other) +\d+\.\d{3} s\n){8}  slowest rules:
( +\d+\.\d{3} s  IB\d{3}\n){5}  slowest files:
( +\d+\.\d{3} s  \S+\n){5}"""


def test_timings_are_printed_beside_the_report(alone, process):
    done = process(*ARGS, "--timings")
    assert done.out == alone
    assert re.fullmatch(TIMINGS, done.err), done.err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()], ids=["terminal", "pipe"])
def test_progress_is_shown_on_a_terminal_only(tree, monkeypatch, stream):
    """It tells files, configurations and findings so far, also while they are judged, and is gone at the end."""
    seconds = itertools.count()
    monkeypatch.setattr(_console.time, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(sys, "stderr", stream)
    assert main(["check", ".", "-f", "json", "-o", "report.json", "--jobs", "1"]) == 4
    shown = [line for line in stream.getvalue().split("\r\x1b[K") if line]
    if not stream.isatty():
        assert not shown
        return
    assert shown[0].startswith("64 files, ")
    report = json.loads(Path("report.json").read_text())
    files, found = report["summary"]["files"], len(report["findings"])
    assert shown[-1] == f"{files} files, {len(report['configurations'])} configurations, {found} findings so far"
    assert stream.getvalue().endswith("\r\x1b[K")
