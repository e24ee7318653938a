"""A synchronous HTTP/2 client for one call at a time, on the state machine of PyPI h2."""

import socket
import ssl
import time

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

WINDOW_BYTES = 1 << 22
RECEIVE_BYTES = 1 << 16


class TransportFailure(Exception):
    """The connection did not do what HTTP/2 promises, or not in time."""


class Call:
    """One exchange: what was received, in the order of the wire."""

    def __init__(self, connection, stream):
        self.connection, self.stream = connection, stream
        self.headers = None
        self.trailers = None
        self.body = bytearray()
        self.arrivals = []  # (end of the bytes in the body, time of arrival)
        self.ended = False
        self.trailers_only = False
        self.reset_code = None
        self.sent_end = False

    def take(self, event):
        if isinstance(event, h2.events.ResponseReceived):
            self.headers = list(event.headers)
            self.trailers_only = event.stream_ended is not None
        elif isinstance(event, h2.events.TrailersReceived):
            self.trailers = list(event.headers)
        elif isinstance(event, h2.events.DataReceived):
            self.body += event.data
            self.arrivals.append((len(self.body), time.monotonic()))
        elif isinstance(event, h2.events.StreamEnded):
            self.ended = True
        elif isinstance(event, h2.events.StreamReset):
            self.reset_code = event.error_code

    @property
    def over(self):
        return self.ended or self.reset_code is not None

    def send(self, data, end=False):
        """Sends what the windows allow, waiting for more; stops if the call is over before."""
        state = self.connection.state
        rest = memoryview(data)
        while not self.over:
            room = min(state.local_flow_control_window(self.stream), state.max_outbound_frame_size)
            if len(rest) <= room:
                state.send_data(self.stream, bytes(rest), end_stream=end)
                self.sent_end = end
                self.connection.flush()
                return
            if room <= 0:
                self.connection.pump()
                continue
            state.send_data(self.stream, bytes(rest[:room]))
            self.connection.flush()
            rest = rest[room:]
            self.connection.pump(wait=False)

    def wait(self, condition):
        while not condition() and not self.over:
            self.connection.pump()

    def finish(self):
        """Waits for the end; a request that is still open is then cancelled."""
        self.wait(lambda: False)
        if not self.sent_end and self.reset_code is None:
            try:
                self.connection.state.reset_stream(self.stream, 0x8)
                self.connection.flush()
            except h2.exceptions.ProtocolError:
                pass  # The server has reset the stream meanwhile.


class Connection:
    """One connection, used by one thread."""

    def __init__(self, host, port, context, timeout):
        self.timeout = timeout
        self.deadline = time.monotonic() + timeout
        self.authority = f"{host}:{port}"
        self.scheme = "http" if context is None else "https"
        self.usable = self.alive = True
        self.call = None
        self.socket = self._connected(host, port, context)
        self.state = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=True, header_encoding="latin-1"))
        self.state.local_settings = h2.settings.Settings(client=True, initial_values={
            h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: WINDOW_BYTES,
            h2.settings.SettingCodes.ENABLE_PUSH: 0})
        self.state.initiate_connection()
        self.state.increment_flow_control_window(WINDOW_BYTES)
        self.flush()

    def _connected(self, host, port, context):
        raw = socket.create_connection((host, port), timeout=self.timeout)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context is None:
            return raw
        wrapped = context.wrap_socket(raw, server_hostname=host)
        if wrapped.selected_alpn_protocol() != "h2":
            raise TransportFailure(f"ALPN gave {wrapped.selected_alpn_protocol()!r}, not h2")
        return wrapped

    def close(self):
        self.usable = False
        self.socket.close()

    def open(self, method, path, fields, end=False):
        self.deadline = time.monotonic() + self.timeout
        stream = self.state.get_next_available_stream_id()
        head = [(":method", method), (":scheme", self.scheme), (":path", path),
                (":authority", self.authority)]
        self.call = Call(self, stream)
        self.state.send_headers(stream, head + fields, end_stream=end)
        self.call.sent_end = end
        self.flush()
        return self.call

    def flush(self):
        data = self.state.data_to_send()
        if data:
            try:
                self.socket.sendall(data)
            except (OSError, ssl.SSLError) as error:
                self.usable = False
                raise TransportFailure(f"cannot send: {error}") from error

    def check(self):
        """Asks for a sign of life, so that a case which kills the connection is the one blamed."""
        if not self.usable:
            return
        self.alive = False
        self.state.ping(b"survived")
        self.flush()
        while not self.alive:
            self.pump()

    def pump(self, wait=True):
        """Reads once and hands on what came; without waiting nothing may come."""
        left = self.deadline - time.monotonic() if wait else 0
        if wait and left <= 0:
            self.usable = False
            raise TransportFailure("no end of the call in time")
        if not wait and isinstance(self.socket, ssl.SSLSocket) and self.socket.pending() == 0:
            return
        self.socket.settimeout(left if wait else 0.0)
        try:
            data = self.socket.recv(RECEIVE_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        except socket.timeout:
            self.usable = False
            raise TransportFailure("no end of the call in time") from None
        except (OSError, ssl.SSLError) as error:
            self.usable = False
            raise TransportFailure(f"cannot receive: {error}") from error
        finally:
            self.socket.settimeout(self.timeout)
        if not data:
            self.usable = False
            raise TransportFailure("the server closed the connection")
        try:
            events = self.state.receive_data(data)
        except h2.exceptions.ProtocolError as error:
            self.usable = False
            raise TransportFailure(f"not HTTP/2: {type(error).__name__} {error}") from error
        for event in events:
            self._take(event)
        self.flush()

    def _take(self, event):
        if isinstance(event, h2.events.DataReceived) and event.flow_controlled_length:
            self.state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        if isinstance(event, h2.events.PingAckReceived):
            self.alive = True
        if isinstance(event, h2.events.ConnectionTerminated):
            self.usable = False
            if event.error_code:
                raise TransportFailure(f"GOAWAY with code {event.error_code}")
        if self.call and getattr(event, "stream_id", None) == self.call.stream:
            self.call.take(event)
