#define _GNU_SOURCE
#include "internal.h"
#include "room.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int apus_receive_descriptor(int control, unsigned char *kind, int patience) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } extra;
    struct iovec part = {.iov_base = kind, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &extra, .msg_controllen = sizeof extra};
    struct pollfd wait = {.fd = control, .events = POLLIN};
    int ready = poll(&wait, 1, patience);
    if (ready <= 0) return ready == 0 ? -ETIMEDOUT : -errno;
#ifdef MSG_CMSG_CLOEXEC
    int flags = MSG_DONTWAIT | MSG_CMSG_CLOEXEC;
#else
    int flags = MSG_DONTWAIT;
#endif
    if (recvmsg(control, &message, flags) != 1) return -EPIPE;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header == NULL || header->cmsg_type != SCM_RIGHTS) return -EBADMSG;
    int received;
    memcpy(&received, CMSG_DATA(header), sizeof received);
    int descriptor = fcntl(received, F_DUPFD_CLOEXEC, APUS_FIRST_FREE_DESCRIPTOR);
    int error = errno;
    close(received);
    return descriptor >= 0 ? descriptor : -error;
}

bool apus_send_descriptor(int descriptor, unsigned char kind) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } extra;
    memset(&extra, 0, sizeof extra);
    extra.header = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    extra.header.cmsg_len = CMSG_LEN(sizeof descriptor);
    memcpy(CMSG_DATA(&extra.header), &descriptor, sizeof descriptor);
    struct iovec part = {.iov_base = &kind, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &extra, .msg_controllen = sizeof extra};
    return sendmsg(APUS_CONTROL_DESCRIPTOR, &message, MSG_DONTWAIT) == 1;
}

int apus_connect_loopback(int socket, unsigned short port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct timeval patience = {.tv_sec = 1};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // It holds for a connect that blocks, too.
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(socket, (struct sockaddr *)&address, sizeof address) != 0) return errno == EINPROGRESS ? ETIMEDOUT : errno;
    struct timeval for_ever = {0};
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &for_ever, sizeof for_ever);
    return 0;
}

#ifdef __linux__

#include <net/if.h>
#include <sys/ioctl.h>

enum { BACKLOG = 1024 };

static int listen_at(int listener, uint16_t port) {
    int on = 1;
    struct ifreq interface = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (ioctl(listener, SIOCSIFFLAGS, &interface) != 0
        || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0
        || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, BACKLOG) != 0)
        return errno;
    return 0;
}

int apus_room_listen(const struct apus_room *room) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return -errno;
    int error = listen_at(listener, room->port);
    if (error == 0) return listener;
    close(listener);
    return -error;
}

void apus_room_send_socket(void) {
    int fresh = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fresh < 0) return;
    apus_send_descriptor(fresh, APUS_ROOM_SENDS_SOCKET);
    close(fresh);
}

#endif
