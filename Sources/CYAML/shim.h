#ifndef FENNEC_GATEWAY_CYAML_SHIM_H
#define FENNEC_GATEWAY_CYAML_SHIM_H

#if !__has_include(<yaml.h>)
#error "<yaml.h> is missing: install the Debian package libyaml-dev (apt-get install libyaml-dev), or run 'make deps'"
#endif
#include <yaml.h>

#endif
