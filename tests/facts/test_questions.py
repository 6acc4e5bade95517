"""The table of questions: what derives from it, and the answers of an example of a rule."""

from pathlib import Path

import pytest

from iblint.apply.iam_policy import Subject, preflight_policy
from iblint.aws.allowlist import READS
from iblint.facts import questions
from iblint.facts.example_account import FakeFacts
from iblint.facts.permissions import actions, documentation, operations
from iblint.facts.questions import QUESTIONS
from iblint.model.answers import BucketFacts, Identity, KeyPairFacts, Missing, SubnetFacts, Unavailable
from iblint.model.question import NoFacts, Question
from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.packs.authoring.prose import references
from iblint.pipeline import judge_example
from scripts.generate_docs import with_permissions

LIVE_PAGE = Path(__file__).resolve().parents[2] / "docs" / "live.md"
VOLUME = Question(
    "volume",
    lambda response, id: id,
    "ec2:DescribeVolumes",
    lambda id: {"VolumeIds": [id]},
    missing="the volume '{0}'",
    example=lambda fields, id: (id, fields),
    rules=("IB999",),
)
"""A question that somebody adds."""


class TestDerived:
    """One table: nothing else has to be edited for a new question."""

    def test_the_allow_list(self):
        assert "ec2:DescribeVolumes" in operations((*QUESTIONS, VOLUME))
        assert operations() == READS

    def test_the_policy(self):
        request = {"name": "web", "instanceProfileName": "builder"}
        subject = Subject(request, Identity("210987654321", "", "eu-west-1"), "builder")
        policy = preflight_policy([subject], (*QUESTIONS, VOLUME))
        (statement,) = [s for s in policy["Statement"] if "ec2:DescribeVolumes" in s["Action"]]
        assert statement["Resource"] == ["*"]

    def test_the_documentation(self):
        assert "| IB999 | `ec2:DescribeVolumes` |" in documentation(str, (*QUESTIONS, VOLUME))

    def test_the_page_is_up_to_date(self):
        page = LIVE_PAGE.read_text(encoding="utf-8")
        assert with_permissions(page, load_packs(Settings())) == page, "run python -m scripts.generate_docs"

    def test_examples_of_rules(self):
        facts = FakeFacts({"volume": {"vol-1": {}, "vol-2": "denied"}})
        assert facts.ask(VOLUME, "vol-1") == ("vol-1", {})
        assert facts.ask(VOLUME, "vol-2") == Unavailable("the call was denied", "ec2:DescribeVolumes", "denied")
        assert facts.ask(VOLUME, "vol-3") == Missing("the volume 'vol-3'")


class TestTable:
    """The questions themselves."""

    def test_names_are_unique(self):
        names = [question.name for question in QUESTIONS]
        assert len(set(names)) == len(names) > 20

    def test_a_call_or_parts_answer_each(self):
        parts = [part for question in QUESTIONS for part in question.parts]
        for question in QUESTIONS:
            assert bool(question.operation) != bool(question.parts), question.name
            assert question.example is not None or question in parts, question.name
            assert actions(question) or question is questions.IDENTITY

    def test_the_rules_that_ask_are_documented(self, monkeypatch):
        """By the examples of all rules: no rule asks a question that does not list it.

        Identity and pipelines are asked for every rule.
        """
        asked = set()
        ask = FakeFacts.ask

        def recording(self, question, *arguments):
            asked.add((question.name, code))
            return ask(self, question, *arguments)

        monkeypatch.setattr(FakeFacts, "ask", recording)
        rules = load_packs(Settings())
        for reference in references(rules):
            code = reference.rule.code
            for example in reference.examples:
                if example.facts is not None:
                    judge_example(rules, code, example)
        asked = {(name, code) for name, code in asked if name not in ("identity", "pipelines-of")}
        documented = {(question.name, code) for question in QUESTIONS for code in question.rules}
        assert len(asked) > 10
        assert asked <= documented
        assert {code for _, code in documented} <= {rule.code for rule in rules.rules}


class TestAnswers:
    """Offline, and of an example."""

    def test_offline_nothing_is_known(self):
        facts = NoFacts("210987654321")
        assert facts.account == "210987654321"
        assert not facts.live
        answers = [facts.identity(), *(facts.ask(question) for question in QUESTIONS)]
        assert all(isinstance(answer, Unavailable) and answer.kind == "offline" for answer in answers)

    def test_an_example_has_a_default_identity(self):
        facts = FakeFacts({})
        assert (facts.account, facts.region, facts.live) == ("210987654321", "eu-west-1", True)
        denied = FakeFacts({"identity": "denied"})
        assert denied.account is None
        assert denied.identity().permission == "sts:GetCallerIdentity"

    @pytest.mark.parametrize(
        ("sections", "question", "arguments", "answer"),
        [
            ({"key-pair": {"builds": {}}}, questions.KEY_PAIR, ["builds"], KeyPairFacts("builds")),
            ({}, questions.KEY_PAIR, ["builds"], Missing("the key pair 'builds'")),
            ({}, questions.DEFAULT_VPC, [], Missing("a default VPC")),
            (
                {"subnet": {"s": {"vpc": "v", "zone": "z", "public-ip": True}}},
                questions.SUBNET,
                ["s"],
                SubnetFacts("s", "v", "z", True),
            ),
            ({"bucket": {"logs": {}}}, questions.BUCKET, ["logs"], BucketFacts("logs", "eu-west-1")),
            (
                {"bucket": "denied"},
                questions.BUCKET,
                ["logs"],
                Unavailable("the call was denied", "s3:ListBucket", "denied"),
            ),
            ({}, questions.ENDPOINTS, ["vpc-1"], ()),
            ({"offered": {"region": ["a", "b"]}}, questions.OFFERED, ["region", ("b", "c")], frozenset({"b"})),
            ({"offered": {"region": ["a"]}}, questions.OFFERED, ["eu-west-1a", ("a",)], frozenset()),
            (
                {"endpoints": {"vpc-1": "timeout"}},
                questions.ENDPOINTS,
                ["vpc-1"],
                Unavailable("AWS did not answer in time", None, "timeout"),
            ),
        ],
    )
    def test_what_an_example_says(self, sections, question, arguments, answer):
        assert FakeFacts(sections).ask(question, *arguments) == answer

    def test_a_section_of_a_wrong_shape_raises(self):
        with pytest.raises((TypeError, AttributeError)):
            FakeFacts({"key-pair": ["builds"]}).ask(questions.KEY_PAIR, "builds")
