// SPDX-License-Identifier: Apache-2.0
// OpenSSL as Swift sees it. Function-like macros, variadic functions and computed constants do not
// come across, so each one in use has a short inline function here; everything else is imported as
// it is.
#ifndef PLENARY_COPENSSL_SHIMS_H
#define PLENARY_COPENSSL_SHIMS_H
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Contexts

static inline void plenary_SSL_CTX_harden(SSL_CTX *context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_early_data(context, 0);
}

static inline long plenary_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version);
}

static inline long plenary_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_max_proto_version(context, version);
}

static inline long plenary_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *list) {
    return SSL_CTX_set1_groups_list(context, (char *)list);
}

static inline long plenary_SSL_CTX_add_extra_chain_cert(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add_extra_chain_cert(context, certificate);
}

static inline void plenary_SSL_CTX_set_max_cert_list(SSL_CTX *context, long byteLimit) {
    SSL_CTX_set_max_cert_list(context, byteLimit);
}

// Connections

static inline long plenary_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, name);
}

static inline void plenary_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void plenary_BIO_set_retry_write(BIO *bio) { BIO_set_retry_write(bio); }
static inline void plenary_BIO_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }

// Certificates

static inline EVP_PKEY *plenary_generate_P256(void) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}

static inline long plenary_BIO_get_mem_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }

/// Appends `name` and takes it over; 0, and `name` is freed, when memory is short.
static inline int plenary_GENERAL_NAMES_push(GENERAL_NAMES *names, GENERAL_NAME *name) {
    if (sk_GENERAL_NAME_push(names, name) > 0) return 1;
    GENERAL_NAME_free(name);
    return 0;
}

static inline GENERAL_NAME *plenary_GENERAL_NAME_dns(const char *text, int count) {
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_IA5STRING *value = ASN1_IA5STRING_new();
    if (!name || !value || !ASN1_STRING_set(value, text, count)) {
        GENERAL_NAME_free(name);
        ASN1_IA5STRING_free(value);
        return NULL;
    }
    GENERAL_NAME_set0_value(name, GEN_DNS, value);
    return name;
}

/// An address name; NULL when `text` is no IPv4 or IPv6 address.
static inline GENERAL_NAME *plenary_GENERAL_NAME_ip(const char *text) {
    ASN1_OCTET_STRING *value = a2i_IPADDRESS(text);
    if (!value) return NULL;
    GENERAL_NAME *name = GENERAL_NAME_new();
    if (!name) {
        ASN1_OCTET_STRING_free(value);
        return NULL;
    }
    GENERAL_NAME_set0_value(name, GEN_IPADD, value);
    return name;
}

static inline int plenary_GENERAL_NAMES_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

/// The value at `index`: GEN_DNS or GEN_IPADD and its bytes; another type has no bytes.
static inline int plenary_GENERAL_NAMES_value(const GENERAL_NAMES *names, int index, const unsigned char **bytes,
                                              int *count) {
    int type = -1;
    *bytes = NULL;
    *count = 0;
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (!name) return -1;
    const void *value = GENERAL_NAME_get0_value(name, &type);
    if (type == GEN_DNS || type == GEN_IPADD) {
        *bytes = ASN1_STRING_get0_data((const ASN1_STRING *)value);
        *count = ASN1_STRING_length((const ASN1_STRING *)value);
    }
    return type;
}

/// Adds an extension given as text the library itself defines; never with text from outside.
static inline int plenary_X509_add_constant_extension(X509 *certificate, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (!extension) return 0;
    int added = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return added;
}

#endif
