#ifndef FENNEC_GATEWAY_COpenSSL_SHIM_H
#define FENNEC_GATEWAY_COpenSSL_SHIM_H

#if !__has_include(<openssl/crypto.h>)
#error "<openssl/crypto.h> is missing: install the Debian package libssl-dev (apt-get install libssl-dev), or run 'make deps'"
#else
#include <openssl/evp.h>
#include <openssl/hmac.h>
#endif
#include <openssl/crypto.h>

#endif
