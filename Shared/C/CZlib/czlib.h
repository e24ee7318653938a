// zlib starts its streams by macros, which Swift cannot import.
#pragma once
#include <zlib.h>

/// deflateInit2 for the gzip format (RFC 1952).
static inline int ikso_deflate_init_gzip(z_streamp stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
}

/// inflateInit2 for the gzip format alone.
static inline int ikso_inflate_init_gzip(z_streamp stream) {
  return inflateInit2(stream, MAX_WBITS + 16);
}

/// inflateInit for the zlib format (RFC 1950).
static inline int ikso_inflate_init_zlib(z_streamp stream) { return inflateInit(stream); }
