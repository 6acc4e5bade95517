"""The journal stays readable after crashes and full disks, and excludes a second run."""

import multiprocessing
import os
import stat

import pytest

from iblint.apply.journal import Entry, Journal, JournalError
from iblint.apply.state_folder import state_folder
from tests.fake_aws.server import ACCOUNT, REGION

ARN = "arn:aws:imagebuilder:eu-west-1:1:infrastructure-configuration/web"


def entry(event="intent", generation=0, digest="sha256:a", arn=ARN):
    return Entry(
        event, "CreateInfrastructureConfiguration", arn, "token", digest, generation, "2026-11-23T12:00:00Z", {}
    )


def opened(folder):
    return Journal(folder, ACCOUNT, REGION)


def test_entries_are_read_in_the_order_of_writing(tmp_path):
    with opened(tmp_path) as journal:
        journal.write(entry())
        journal.write(entry("done"))
    with opened(tmp_path) as journal:
        assert journal.entries == [entry(), entry("done")]
        assert journal.last(ARN) == entry("done")
        assert journal.last("another") is None


def test_only_the_owner_can_read_the_journal(tmp_path):
    with opened(tmp_path) as journal:
        assert stat.S_IMODE(os.stat(journal.path).st_mode) == 0o600
        assert stat.S_IMODE(os.stat(journal.path.parent).st_mode) == 0o700


@pytest.mark.parametrize("cut", range(1, 12))
def test_an_incomplete_last_line_is_removed(tmp_path, cut):
    with opened(tmp_path) as journal:
        journal.write(entry())
        whole = journal.path.read_bytes()
    journal.path.write_bytes(whole + whole[:-cut])
    with opened(tmp_path) as journal:
        assert journal.entries == [entry()]
        journal.write(entry("done"))
    with opened(tmp_path) as journal:
        assert [e.event for e in journal.entries] == ["intent", "done"]


WRONG = [
    *(b"{}", b"5", b"[]", b"\xff\xfe", b"\0" * 50, b"[" * 100_000),
    b'{"event":"intent","operation":"x","arn":"a","token":"t","digest":"d","generation":"0","time":"t","details":{}}',
    b'{"event":"intent","operation":"x","arn":"a","token":"t","digest":5,"generation":0,"time":"t","details":{}}',
]


@pytest.mark.parametrize("line", WRONG, ids=lambda line: repr(line[:60]))
def test_an_invalid_line_is_reported_with_its_number(tmp_path, line):
    with opened(tmp_path) as journal:
        journal.write(entry())
    journal.path.write_bytes(journal.path.read_bytes() + line + b"\n")
    with pytest.raises(JournalError, match=r"eu-west-1.jsonl:2: not a journal entry"), opened(tmp_path):
        pass


def test_a_second_run_is_refused_until_the_first_ends(tmp_path):
    with opened(tmp_path), pytest.raises(JournalError, match="Another run is using"), opened(tmp_path):
        pass
    with opened(tmp_path):
        pass


def _hold(folder, ready):
    with opened(folder):
        ready.set()
        import time

        time.sleep(60)


def test_the_lock_of_a_killed_process_is_released(tmp_path):
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_hold, args=(tmp_path, ready))
    process.start()
    assert ready.wait(30)
    with pytest.raises(JournalError), opened(tmp_path):
        pass
    process.kill()
    process.join()
    with opened(tmp_path):
        pass


def test_other_accounts_and_regions_are_not_locked(tmp_path):
    with opened(tmp_path), Journal(tmp_path, ACCOUNT, "us-east-1"), Journal(tmp_path, "333322221111", REGION):
        pass


@pytest.mark.parametrize(
    ("history", "generation"),
    [
        ([], 0),
        ([entry()], 0),
        ([entry(), entry("unknown")], 0),
        ([entry(), entry("refused")], 0),
        ([entry(), entry("done")], 1),
        ([entry(), entry("done"), entry(generation=1)], 1),
        ([entry(), entry("done"), entry(generation=1), entry("done", 1)], 2),
        ([entry(digest="sha256:b"), entry("done", digest="sha256:b")], 0),
        ([entry(arn="another"), entry("done", arn="another")], 0),
    ],
)
def test_a_new_generation_begins_after_the_last_took_effect(tmp_path, history, generation):
    with opened(tmp_path) as journal:
        for line in history:
            journal.write(line)
        assert journal.generation(ARN, "sha256:a") == generation


def test_a_folder_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="Cannot open the journal"), opened(tmp_path / "file"):
        pass


def test_a_full_disk_is_reported(tmp_path, monkeypatch):
    with opened(tmp_path) as journal:
        monkeypatch.setattr(os, "fsync", lambda fd: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(JournalError, match="No space left"):
            journal.write(entry())


def test_an_incomplete_write_on_a_full_disk_leaves_the_journal_readable(tmp_path):
    resource = pytest.importorskip("resource")
    with opened(tmp_path) as journal:
        journal.write(entry())
        size = journal.path.stat().st_size
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, limits[1]))
        try:
            with pytest.raises(JournalError, match="Cannot write"):
                journal.write(entry("done"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert journal.path.stat().st_size == size + 20
        with pytest.raises(JournalError, match="An earlier write"):
            journal.write(entry("unknown"))
    with opened(tmp_path) as journal:
        assert journal.entries == [entry()]


def test_a_symbolic_link_is_not_followed(tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    with opened(tmp_path / "state") as journal:
        pass
    journal.path.unlink()
    journal.path.symlink_to(precious)
    with pytest.raises(JournalError, match="Cannot open the journal"), opened(tmp_path / "state"):
        pass
    assert precious.read_text() == "mine"


def test_a_pipe_is_not_waited_for(tmp_path):
    with opened(tmp_path) as journal:
        pass
    journal.path.unlink()
    os.mkfifo(journal.path)
    with pytest.raises(JournalError, match="it is not a regular file"), opened(tmp_path):
        pass


def test_the_state_folder_may_be_a_symbolic_link_outside_of_a_checkout(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with opened(tmp_path / "link") as journal:
        journal.write(entry())
    with opened(tmp_path / "real") as journal:
        assert journal.entries == [entry()]


def test_the_state_folder_comes_from_the_option_or_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", "/x")
    assert str(state_folder(None)) == "/x/iblint"
    monkeypatch.setenv("IBLINT_STATE_DIR", "/y")
    assert str(state_folder(None)) == "/y"
    assert str(state_folder("/z")) == "/z"
