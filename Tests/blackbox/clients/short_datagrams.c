/* Unix datagrams hold 512 bytes: loaded before the C library, it lets a program find out what it does with larger ones. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
    static ssize_t (*next)(int, const struct msghdr *, int);
    if (!next) next = (ssize_t (*)(int, const struct msghdr *, int))dlsym(RTLD_NEXT, "sendmsg");
    const struct sockaddr *to = message->msg_name;
    size_t size = 0;
    for (size_t i = 0; i < message->msg_iovlen; i++) size += message->msg_iov[i].iov_len;
    if (to && to->sa_family == AF_UNIX && size > 512) {
        errno = EMSGSIZE;
        return -1;
    }
    return next(descriptor, message, flags);
}
