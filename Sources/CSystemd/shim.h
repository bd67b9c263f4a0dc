#ifndef FENNEC_GATEWAY_CSystemd_SHIM_H
#define FENNEC_GATEWAY_CSystemd_SHIM_H

#if !__has_include(<systemd/sd-daemon.h>)
#error "<systemd/sd-daemon.h> is missing: install the Debian package libsystemd-dev (apt-get install libsystemd-dev), or run 'make deps'"
#endif
#include <systemd/sd-daemon.h>

#endif
