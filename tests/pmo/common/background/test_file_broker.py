"""Messages as files: a broken one ends no worker."""

import json
import threading
from queue import Empty

import pytest
from kombu import Connection

from pmo.celery import app
from pmo.common.background import file_broker

GOOD = {"body": "e30=", "properties": {}, "headers": {}}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "queue").mkdir()
    return tmp_path / "queue"


@pytest.fixture
def channel(folder, tmp_path):
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(tmp_path / "control"),
    }
    with Connection("filesystem://localhost", transport_options=options) as connection:
        yield connection.default_channel


def names(folder, end):
    return sorted(path.name for path in folder.glob(f"*{end}"))


def test_workers_read_files_our_way(channel):
    assert app.conf.broker_url
    assert type(channel) is file_broker.Channel


def test_a_message_comes_out_as_it_went_in_and_the_oldest_first(channel, folder):
    for number in range(3):
        channel._put("celery", GOOD | {"number": number})

    assert [channel._get("celery")["number"] for _ in range(3)] == [0, 1, 2]
    assert list(folder.iterdir()) == []
    with pytest.raises(Empty):
        channel._get("celery")


@pytest.mark.parametrize(
    "content",
    [b"", b'{"body": "e30', b"\xff\xfe", b"[]", b"null", json.dumps({"body": ""}).encode()],
    ids=["empty", "half", "no text", "no message", "nothing", "without properties"],
)
def test_a_broken_message_is_put_aside_with_a_line_in_the_log(channel, folder, caplog, content):
    (folder / "0001_x.celery.msg").write_bytes(content)
    channel._put("celery", GOOD)

    assert channel._get("celery") == GOOD
    assert names(folder, ".broken") == ["0001_x.celery.broken"]
    assert names(folder, ".msg") == []
    assert "0001_x.celery cannot be read; it is put aside as 0001_x.celery.broken" in caplog.text


def test_of_broken_messages_the_newest_twenty_are_kept(channel, folder):
    for number in range(25):
        (folder / f"{number:04}_x.celery.msg").write_bytes(b"")

    with pytest.raises(Empty):
        channel._get("celery")

    assert names(folder, ".broken") == [f"{number:04}_x.celery.broken" for number in range(5, 25)]


def test_nobody_reads_a_message_before_it_is_whole(channel, folder, monkeypatch):
    seen = []
    write = file_broker.Path.write_bytes

    def watched(path, data):
        written = write(path, data[: len(data) // 2])
        with pytest.raises(Empty):
            channel._get("celery")
        seen.append(names(folder, ".broken"))
        return written + write(path, data)

    monkeypatch.setattr(file_broker.Path, "write_bytes", watched)
    channel._put("celery", GOOD)

    assert seen == [[]]
    assert channel._get("celery") == GOOD


def test_a_full_disk_leaves_no_half_message(channel, folder, monkeypatch):
    def full(path, data):
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file_broker.Path, "write_bytes", full)

    with pytest.raises(file_broker.ChannelError):
        channel._put("celery", GOOD)
    assert list(folder.iterdir()) == []


def test_of_two_workers_each_message_goes_to_one(channel, folder):
    for number in range(100):
        channel._put("celery", GOOD | {"number": number})
    got = []

    def take():
        try:
            while True:
                got.append(channel._get("celery")["number"])
        except Empty:
            pass

    workers = [threading.Thread(target=take) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(got) == list(range(100))


@pytest.mark.parametrize("content", [b"", b'[["cel', b"null"], ids=["empty", "half", "nothing"])
def test_a_broken_list_of_queues_is_written_anew(channel, tmp_path, content, caplog):
    file = tmp_path / "control" / "celery.exchange"
    file.parent.mkdir()
    file.write_bytes(content)

    known = channel.get_table("celery")
    channel._queue_bind("celery", "celery", "", "celery")

    assert known == [("celery", "", "celery")]
    assert json.loads(file.read_text()) == [["celery", "", "celery"]]
    assert "cannot be read; it is written anew" in caplog.text
