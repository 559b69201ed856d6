"""What a node remembers: one identity per coordinator, owner and running agent."""

from pathlib import Path

from we1web.agent.state import StateDir, write_atomically


def test_an_identity_is_kept_per_coordinator_and_owner(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    identity = state.identity("http://a", "ada")
    assert identity.node == ""
    identity.keep("node-1")
    identity.release()
    again = state.identity("http://a", "ada")
    assert again.node == "node-1"
    assert state.identity("http://b", "ada").node == ""
    assert state.identity("http://a", "bob").node == ""


def test_a_second_agent_becomes_a_second_node(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    first = state.identity("http://a", "ada")
    first.keep("node-1")
    second = state.identity("http://a", "ada")
    assert second.node == ""
    second.keep("node-2")
    first.release()
    assert state.identity("http://a", "ada").node == "node-1"


def test_a_broken_file_is_forgotten(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    first = state.identity("http://a", "ada")
    first.keep("node-1")
    first.release()
    (file,) = tmp_path.glob("id-*.json")
    file.write_bytes(b"{")
    assert state.identity("http://a", "ada").node == ""


def test_the_folder_is_private(tmp_path: Path) -> None:
    state = StateDir(tmp_path / "new" / "folder")
    assert state.folder.stat().st_mode & 0o077 == 0


def test_atomic_writes_leave_nothing_behind(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a" / "b", b"1")
    write_atomically(tmp_path / "a" / "b", b"2")
    assert [file.read_bytes() for file in (tmp_path / "a").iterdir()] == [b"2"]
