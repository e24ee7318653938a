internal import COpenSSL

/// Who the peer proved to be with its certificate.
package struct PeerIdentity: Sendable, Equatable {
  /// The SPIFFE identity, e.g. `spiffe://ikso/goals`; nil if there is none or more than one URI.
  package var spiffe: String?
  /// The DNS names of the certificate (subjectAltName).
  package var dnsNames: [String]
  /// SHA-256 of the certificate's public key (SubjectPublicKeyInfo in DER, as in RFC 7469
  /// section 2.4): the same after a renewal for the same key.
  package var keyHash: [UInt8]

  package init(spiffe: String? = nil, dnsNames: [String] = [], keyHash: [UInt8] = []) {
    self.spiffe = spiffe
    self.dnsNames = dnsNames
    self.keyHash = keyHash
  }

  /// The service of `spiffe://ikso/<service>`; nil for any other identity.
  package var serviceName: String? {
    guard let spiffe, spiffe.hasPrefix(Self.trustDomain) else { return nil }
    let name = spiffe.dropFirst(Self.trustDomain.count)
    return name.isEmpty || name.contains("/") ? nil : String(name)
  }

  private static let trustDomain = "spiffe://ikso/"
}

extension PeerIdentity {
  /// Reads the names of a certificate that OpenSSL has verified. The pointer is only read.
  init(certificate: OpaquePointer) {
    self.init()
    keyHash = unsafe Self.keyHash(certificate)
    guard
      let names = unsafe X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil)
    else { return }
    let list = OpaquePointer(names)
    defer { unsafe GENERAL_NAMES_free(list) }
    var uris: [String] = []
    for index in unsafe 0..<ikso_GENERAL_NAMES_count(list) {
      if let name = unsafe Self.text(list, index, GEN_DNS) { dnsNames.append(name) }
      if let uri = unsafe Self.text(list, index, GEN_URI) { uris.append(uri) }
    }
    // X.509-SVID, section 2: a certificate with more than one URI is not to be accepted.
    if uris.count == 1, uris[0].hasPrefix("spiffe://") { spiffe = uris[0] }
  }

  /// Empty when OpenSSL cannot write the key, which equals no hash.
  private static func keyHash(_ certificate: OpaquePointer) -> [UInt8] {
    var start: UnsafeMutablePointer<UInt8>?
    let length = unsafe i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &start)
    guard length > 0, let start = unsafe start else { return [] }
    defer { unsafe ikso_OPENSSL_free(start) }
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    guard unsafe SHA256(start, Int(length), &digest) != nil else { return [] }
    return digest
  }

  /// A name as text; nil when it is of another type or holds anything but printable ASCII.
  private static func text(_ names: OpaquePointer, _ index: Int32, _ type: Int32) -> String? {
    var length: Int32 = 0
    guard let start = unsafe ikso_GENERAL_NAMES_text(names, index, type, &length) else {
      return nil
    }
    let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(length))
    guard unsafe bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
    return unsafe String(decoding: bytes, as: UTF8.self)
  }
}
