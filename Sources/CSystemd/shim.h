#ifndef FENNEC_GATEWAY_CSystemd_SHIM_H
#define FENNEC_GATEWAY_CSystemd_SHIM_H

#if !__has_include(<systemd/sd-daemon.h>)
#error "<systemd/sd-daemon.h> is missing: install the Debian package libsystemd-dev (apt-get install libsystemd-dev), or run 'make deps'"
#endif
#include <systemd/sd-daemon.h>

/* Without this sd_journal_sendv is a macro that adds a place in C source, and Swift sees none of it. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

/* Whether a stream socket listens there. */
static inline int fg_is_listening_stream(int descriptor) {
    return sd_is_socket(descriptor, AF_UNSPEC, SOCK_STREAM, 1);
}

#endif
