// Socket calls that Swift cannot reach (accept4) or whose errno it might clobber: each gives
// -errno on failure.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/// accept4(2): the new descriptor is non-blocking and closed on exec.
int ikso_accept(int listener, struct sockaddr_storage *address, socklen_t *length);
/// socket(2) for TCP, non-blocking, closed on exec, with TCP_NODELAY.
int ikso_socket_tcp(int family);
/// bind(2) and listen(2) with SO_REUSEADDR, and SO_REUSEPORT if `shared`; IPv6 sockets take IPv6 only.
int ikso_listen(int descriptor, const struct sockaddr *address, socklen_t length, int shared, int backlog);
/// connect(2).
int ikso_connect(int descriptor, const struct sockaddr *address, socklen_t length);
/// The pending error of a socket (SO_ERROR) as -errno, 0 when there is none.
int ikso_socket_error(int descriptor);
/// TCP_NODELAY.
void ikso_socket_nodelay(int descriptor);
/// The port that a socket is bound to.
int ikso_socket_port(int descriptor);
/// recv(2).
ptrdiff_t ikso_receive(int descriptor, void *buffer, size_t capacity);
/// send(2) with MSG_NOSIGNAL.
ptrdiff_t ikso_send(int descriptor, const void *bytes, size_t count);
