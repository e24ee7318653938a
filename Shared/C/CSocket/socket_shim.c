#define _GNU_SOURCE
#include "socket_shim.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

static int result(int value) { return value < 0 ? -errno : value; }

int ikso_accept(int listener, struct sockaddr_storage *address, socklen_t *length) {
  *length = sizeof *address;
  return result(accept4(listener, (struct sockaddr *)address, length, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

int ikso_socket_tcp(int family) {
  int descriptor = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (descriptor < 0) return -errno;
  ikso_socket_nodelay(descriptor);
  return descriptor;
}

int ikso_listen(int descriptor, const struct sockaddr *address, socklen_t length, int shared, int backlog) {
  int one = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (shared) setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  if (address->sa_family == AF_INET6) {
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  }
  if (bind(descriptor, address, length) < 0) return -errno;
  return result(listen(descriptor, backlog));
}

int ikso_connect(int descriptor, const struct sockaddr *address, socklen_t length) {
  return result(connect(descriptor, address, length));
}

int ikso_socket_error(int descriptor) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return -errno;
  return -error;
}

void ikso_socket_nodelay(int descriptor) {
  int one = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

int ikso_socket_port(int descriptor) {
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  if (getsockname(descriptor, (struct sockaddr *)&address, &length) < 0) return -errno;
  if (address.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
  return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

ptrdiff_t ikso_receive(int descriptor, void *buffer, size_t capacity) {
  ssize_t count = recv(descriptor, buffer, capacity, 0);
  return count < 0 ? -errno : count;
}

ptrdiff_t ikso_send(int descriptor, const void *bytes, size_t count) {
  ssize_t sent = send(descriptor, bytes, count, MSG_NOSIGNAL);
  return sent < 0 ? -errno : sent;
}
