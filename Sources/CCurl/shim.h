#ifndef FENNEC_GATEWAY_CCurl_SHIM_H
#define FENNEC_GATEWAY_CCurl_SHIM_H

#if !__has_include(<curl/curl.h>)
#error "<curl/curl.h> is missing: install the Debian package libcurl4-openssl-dev (apt-get install libcurl4-openssl-dev), or run 'make deps'"
#endif
#include <curl/curl.h>

#endif
