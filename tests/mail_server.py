"""A mail server on loopback that misbehaves at the step that a test names."""

import socket
import threading
from contextlib import suppress

HELLO, MAIL, RCPT, DATA, WORDS, QUIT = "hello", "mail", "rcpt", "data", "words", "quit"
DROP, HANG = "drop", "hang"
ANSWERS = {
    HELLO: "250 loopback",
    MAIL: "250 ok",
    RCPT: "250 ok",
    DATA: "354 go ahead",
    WORDS: "250 taken",
    QUIT: "221 bye",
}
VERBS = {"EHLO": HELLO, "HELO": HELLO, "MAIL": MAIL, "RCPT": RCPT, "DATA": DATA, "QUIT": QUIT}


class MailServer:
    """
    Takes mail one connection after the other.

    `faults` maps a step, or a step and an address, to an answer, DROP or HANG; a list is used up one
    by one. `taken` holds the addresses whose mail has come in whole, whatever was answered to it.
    """

    def __init__(self):
        self.faults = {}
        self.taken = []
        self._let_go = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._let_go.set()
        # wakes the accept, which closing alone does not
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._thread.join(timeout=5)
        self._socket.close()

    def _serve(self):
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if self._let_go.is_set():
                    return
                with suppress(OSError):
                    self._talk(connection)

    def _talk(self, connection):
        lines = connection.makefile("rb")
        with lines:
            connection.sendall(b"220 loopback\r\n")
            address = ""
            while line := lines.readline():
                step = VERBS.get(line[:4].decode("ascii", "replace").upper(), HELLO)
                if step == RCPT:
                    address = line.decode().partition("<")[2].partition(">")[0]
                if not self._answer(connection, step, address):
                    return
                if step == DATA and not self._fault_was:
                    while lines.readline() not in {b".\r\n", b""}:
                        pass
                    self.taken.append(address)
                    if not self._answer(connection, WORDS, address):
                        return

    def _answer(self, connection, step, address):
        """Answer as asked for; False where the connection ends."""
        fault = self.faults.get((step, address), self.faults.get(step))
        if isinstance(fault, list):
            fault = fault.pop(0) if fault else None
        self._fault_was = fault
        if fault == HANG:
            self._let_go.wait(timeout=10)
            return False
        if fault == DROP:
            return False
        connection.sendall(f"{fault or ANSWERS[step]}\r\n".encode())
        return step != QUIT
