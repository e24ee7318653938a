// libcurl sets its options by a variadic macro, which Swift cannot import.
#pragma once
#include <curl/curl.h>
#include <string.h>

/// What is left to be read of a message.
typedef struct {
  const char *bytes;
  size_t left;
} ikso_mail_cursor;

/// CURLOPT_READFUNCTION over a cursor.
static inline size_t ikso_mail_read(char *buffer, size_t size, size_t count, void *cursor) {
  ikso_mail_cursor *from = (ikso_mail_cursor *)cursor;
  size_t taken = size * count < from->left ? size * count : from->left;
  memcpy(buffer, from->bytes, taken);
  from->bytes += taken;
  from->left -= taken;
  return taken;
}

/// A handle for `url` (smtp: or smtps:) that sends over TLS to a verified server or not at all.
/// `ca_file`, `user` and `password` may be NULL. NULL if there is no memory for it.
static inline CURL *ikso_mail_open(const char *url, const char *ca_file, const char *user,
                                   const char *password, long connect_ms, long total_ms) {
  CURL *handle = curl_easy_init();
  if (!handle) return NULL;
  CURLcode failed = curl_easy_setopt(handle, CURLOPT_URL, url);
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!failed && ca_file) failed = curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file);
  if (!failed && ca_file) failed = curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
  if (!failed && user) failed = curl_easy_setopt(handle, CURLOPT_USERNAME, user);
  if (!failed && password) failed = curl_easy_setopt(handle, CURLOPT_PASSWORD, password);
  // What the environment says of proxies is not for mail; signals are the process's own.
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_PROXY, "");
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, total_ms);
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_READFUNCTION, ikso_mail_read);
  if (failed) {
    curl_easy_cleanup(handle);
    return NULL;
  }
  return handle;
}

/// Sends one message of `length` bytes over the handle's connection, which is kept for the next.
/// `from` and `to` in angle brackets. `reply`: the server's last reply code, 0 for none.
static inline CURLcode ikso_mail_send(CURL *handle, const char *from, const char *to,
                                      const char *text, size_t length, long *reply) {
  *reply = 0;
  ikso_mail_cursor cursor = {text, length};
  struct curl_slist *recipients = curl_slist_append(NULL, to);
  if (!recipients) return CURLE_OUT_OF_MEMORY;
  CURLcode failed = curl_easy_setopt(handle, CURLOPT_MAIL_FROM, from);
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients);
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_READDATA, &cursor);
  if (!failed) failed = curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, (curl_off_t)length);
  if (!failed) failed = curl_easy_perform(handle);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, reply);
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, NULL);
  curl_easy_setopt(handle, CURLOPT_READDATA, NULL);
  curl_slist_free_all(recipients);
  return failed;
}
