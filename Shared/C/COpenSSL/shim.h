// OpenSSL hides parts of its interface behind macros, which Swift cannot import: each one that
// we use stands here as a static function under the macro's name with the prefix `ikso_`.
#pragma once
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static inline void ikso_OPENSSL_free(void *memory) { OPENSSL_free(memory); }

// ---- TLS ----------------------------------------------------------------------------------------
static inline int ikso_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
  return SSL_CTX_set_min_proto_version(context, version);
}
static inline void ikso_SSL_CTX_set_mode(SSL_CTX *context, long mode) {
  SSL_CTX_set_mode(context, mode);
}
static inline void ikso_SSL_CTX_set_read_ahead(SSL_CTX *context, int yes) {
  SSL_CTX_set_read_ahead(context, yes);
}
static inline void ikso_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
  SSL_CTX_set_session_cache_mode(context, mode);
}
static inline void ikso_SSL_CTX_set_no_renegotiation(SSL_CTX *context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
}
static inline long ikso_SSL_set_tlsext_host_name(SSL *connection, const char *name) {
  return SSL_set_tlsext_host_name(connection, name);
}
static inline int ikso_ERR_GET_REASON(unsigned long code) { return ERR_GET_REASON(code); }
static inline int ikso_GENERAL_NAMES_count(const GENERAL_NAMES *names) {
  return sk_GENERAL_NAME_num(names);
}
/// The text of name `index` when it is of `type` (GEN_DNS or GEN_URI), else NULL; as long as `names`.
static inline const unsigned char *ikso_GENERAL_NAMES_text(
    const GENERAL_NAMES *names, int index, int type, int *length) {
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  if (name == NULL || name->type != type) return NULL;
  *length = ASN1_STRING_length(name->d.ia5);
  return ASN1_STRING_get0_data(name->d.ia5);
}
// ---- end of TLS ---------------------------------------------------------------------------------

// --- Cryptography ---
// Parameter lists keep pointers to names and values: they are made and used up in one call here.

/// EVP_MAC_init for HMAC over the digest of that name.
static inline int ikso_HMAC_init(EVP_MAC_CTX *context, const unsigned char *key, size_t key_length,
                                 const char *digest) {
  OSSL_PARAM list[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0),
      OSSL_PARAM_construct_end(),
  };
  return EVP_MAC_init(context, key, key_length, list);
}

/// EVP_KDF_derive for HKDF (extract, then expand) with SHA-256; empty salt and info are left out.
static inline int ikso_HKDF_SHA256_derive(EVP_KDF_CTX *context, const void *material,
                                          size_t material_length, const void *salt,
                                          size_t salt_length, const void *info, size_t info_length,
                                          unsigned char *output, size_t output_length) {
  OSSL_PARAM list[5], *next = list;
  *next++ = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0);
  *next++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)material, material_length);
  if (salt_length > 0)
    *next++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_length);
  if (info_length > 0)
    *next++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info, info_length);
  *next = OSSL_PARAM_construct_end();
  return EVP_KDF_derive(context, output, output_length, list);
}
