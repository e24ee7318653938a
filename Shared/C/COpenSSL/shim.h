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
