#ifndef FENNEC_GATEWAY_COpenSSL_SHIM_H
#define FENNEC_GATEWAY_COpenSSL_SHIM_H

#if !__has_include(<openssl/crypto.h>)
#error "<openssl/crypto.h> is missing: install the Debian package libssl-dev (apt-get install libssl-dev), or run 'make deps'"
#else
#include <openssl/evp.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#endif
#include <openssl/crypto.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* OPENSSL_secure_malloc and its kin are macros, prctl is variadic: Swift can call neither. */

static inline void *fg_secure_malloc(size_t size) { return OPENSSL_secure_malloc(size); }

/* Wipes `size` bytes, then frees. */
static inline void fg_secure_clear_free(void *block, size_t size) { OPENSSL_secure_clear_free(block, size); }

/* Parameters point to their names, which must outlive them. */

static inline EVP_PKEY *fg_public_key(const char *kind, OSSL_PARAM *parameters) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    return key;
}

/* A key of modulus and exponent, big-endian; NULL when it cannot be made. */
static inline EVP_PKEY *fg_rsa_public_key(
    const unsigned char *modulus, int modulus_count, const unsigned char *exponent, int exponent_count) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *n = BN_bin2bn(modulus, modulus_count, NULL);
    BIGNUM *e = BN_bin2bn(exponent, exponent_count, NULL);
    if (builder != NULL && n != NULL && e != NULL && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        parameters = OSSL_PARAM_BLD_to_param(builder);
    if (parameters != NULL) key = fg_public_key("RSA", parameters);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(n);
    BN_free(e);
    return key;
}

/* A key of an uncompressed point of a named curve; NULL when it cannot be made. */
static inline EVP_PKEY *fg_ec_public_key(const char *curve, const unsigned char *point, size_t count) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)curve, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)point, count), OSSL_PARAM_construct_end()};
    return fg_public_key("EC", parameters);
}

/* Both return 0 on success, -1 with errno otherwise. */
static inline int fg_forbid_dumping(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

static inline int fg_forbid_core_files(void) {
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none);
}

/* 1 when the process may be dumped, 0 when not. */
static inline int fg_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

/* The soft limit on core files in bytes, or -1 when it cannot be told. */
static inline long long fg_core_file_limit(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_CORE, &limit) == 0 ? (long long)limit.rlim_cur : -1;
}

/* glibc declares this for _GNU_SOURCE alone, which Swift does not set. */
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

/* A child started with `actions` has no descriptor from `from` on; 0 on success, else an errno. */
static inline int fg_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
    return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

#endif
