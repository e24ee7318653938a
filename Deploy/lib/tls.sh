# shellcheck shell=bash
# A development certificate authority and a certificate for each process. P-256, because not
# every TLS library that a client brings accepts Ed25519 certificates.

readonly CA_DAYS=1825
readonly CERTIFICATE_DAYS=90
readonly RENEW_BEFORE_SECONDS=$((14 * 86400))

certificate_fresh() {
  [[ -s $1 ]] && openssl x509 -in "$1" -noout -checkend "$RENEW_BEFORE_SECONDS" >/dev/null 2>&1
}

key_create() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>>"$TLS_LOG"
}

authority_create() {
  local folder=$1
  key_create "$folder/ca.key" || return
  openssl req -x509 -new -key "$folder/ca.key" -sha256 -days "$CA_DAYS" \
    -subj '/CN=IKSO development authority' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' \
    -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -out "$folder/ca.pem" 2>>"$TLS_LOG"
}

# certificate_create FOLDER NAME: for spiffe://ikso/NAME, on the names that loopback has.
certificate_create() {
  local folder=$1 name=$2
  key_create "$folder/$name.key" || return
  openssl req -new -key "$folder/$name.key" -subj "/CN=$name" 2>>"$TLS_LOG" |
    openssl x509 -req -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -sha256 \
      -set_serial "0x$(openssl rand -hex 16)" -days "$CERTIFICATE_DAYS" \
      -extfile <(printf '%s\n' \
        'basicConstraints=critical,CA:FALSE' \
        'keyUsage=critical,digitalSignature' \
        'extendedKeyUsage=serverAuth,clientAuth' \
        'subjectKeyIdentifier=hash' \
        'authorityKeyIdentifier=keyid' \
        "subjectAltName=URI:spiffe://ikso/$name,DNS:localhost,DNS:$name,IP:127.0.0.1") \
      -out "$folder/$name.new" 2>>"$TLS_LOG" || return
  mv -- "$folder/$name.new" "$folder/$name.pem"
}

# certificates_ensure NAME…: makes what is missing, renews what is about to expire.
certificates_ensure() {
  local folder=$HOUSE/tls name
  TLS_LOG=$HOUSE/log/openssl.log
  mkdir -p -- "$folder"
  if [[ ! -s $folder/ca.key ]] || ! certificate_fresh "$folder/ca.pem"; then
    rm -f -- "$folder"/*.pem
    authority_create "$folder" ||
      fail_with_log "openssl could not make an authority" "$TLS_LOG" "mend that and run this again"
  fi
  for name in "$@"; do
    if [[ ! -s $folder/$name.key ]] || ! certificate_fresh "$folder/$name.pem" ||
      ! openssl verify -CAfile "$folder/ca.pem" "$folder/$name.pem" >/dev/null 2>&1; then
      certificate_create "$folder" "$name" ||
        fail_with_log "openssl could not make a certificate for $name" "$TLS_LOG" \
          "mend that and run this again"
    fi
  done
}
