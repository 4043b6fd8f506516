// SPDX-License-Identifier: Apache-2.0
// OpenSSL as Swift sees it. Function-like macros do not come across, so each one in use has a
// one-line inline function here; everything else is imported as it is.
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

static inline long plenary_SSL_CTX_set_mode(SSL_CTX *context, long mode) { return SSL_CTX_set_mode(context, mode); }

#endif
