/// A text with signatures under it (c2sp.org/signed-note): lines of text, an empty line, and a line
/// `— name base64` for each signature. Signatures of keys that the reader doesn't know are passed
/// over, so that others may sign the same text later.
package struct SignedNote: Sendable, Equatable {
  /// Ends with a line feed.
  package let text: String
  package let signatures: [Signature]

  package struct Signature: Sendable, Equatable {
    package let name: String
    /// Four bytes that tell the key, then the signature.
    package let bytes: [UInt8]
  }

  /// A note is not longer, in bytes.
  package static let maximumBytes = 64 << 10
  /// Signatures that are read of it.
  package static let maximumSignatures = 64

  /// Signs `text`, which ends with a line feed and has no empty line.
  package init(
    _ text: String, signedBy key: Ed25519PrivateKey, named name: String
  ) throws(CryptographyError) {
    precondition(text.hasSuffix("\n") && !text.contains("\n\n"), "the text of a note")
    precondition(Self.isName(name), "the name of a key")
    self.text = text
    let signature = try key.sign(Array(text.utf8))
    signatures = [
      Signature(name: name, bytes: Self.keyHash(key.publicKey, named: name) + signature)
    ]
  }

  /// Reads one, without verifying anything; nil if it is none.
  package init?(_ note: String) {
    guard note.utf8.count <= Self.maximumBytes else { return nil }
    var lines = note.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast() == "", let gap = lines.lastIndex(of: ""), gap > 0 else { return nil }
    text = lines[..<gap].map { "\($0)\n" }.joined()
    lines.removeFirst(gap + 1)
    guard text != "\n", (1...Self.maximumSignatures).contains(lines.count) else { return nil }
    var signatures: [Signature] = []
    for line in lines {
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0] == "—", Self.isName(String(parts[1])),
        let bytes = try? Base64.decode(String(parts[2])), bytes.count > Self.hashBytes
      else { return nil }
      signatures.append(Signature(name: String(parts[1]), bytes: bytes))
    }
    self.signatures = signatures
  }

  /// The note as it is stored and sent.
  package var encoded: String {
    text + "\n" + signatures.map { "— \($0.name) \(Base64.encode($0.bytes))\n" }.joined()
  }

  /// Whether one of the signatures is of this key under this name.
  package func isSigned(by key: Ed25519PublicKey, named name: String) -> Bool {
    let hash = Self.keyHash(key, named: name)
    return signatures.contains { signature in
      signature.name == name && Array(signature.bytes.prefix(Self.hashBytes)) == hash
        && key.verify(Array(signature.bytes.dropFirst(Self.hashBytes)), of: Array(text.utf8))
    }
  }

  private static let hashBytes = 4
  /// Of Ed25519, in what a key's hash is made of.
  private static let algorithm: UInt8 = 1

  private static func keyHash(_ key: Ed25519PublicKey, named name: String) -> [UInt8] {
    Array(
      Digest.sha256(Array(name.utf8) + [0x0A, algorithm] + key.rawBytes).prefix(hashBytes))
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && !name.contains { $0.isWhitespace || $0 == "+" }
  }
}

/// The state of a log, as its text is signed (c2sp.org/tlog-checkpoint).
package struct LogCheckpoint: Sendable, Equatable {
  /// Which log.
  package let origin: String
  package let size: Int
  /// 32 bytes.
  package let root: [UInt8]

  package init(origin: String, size: Int, root: [UInt8]) {
    precondition(root.count == Digest.sha256Bytes && size >= 0, "a state of a log")
    (self.origin, self.size, self.root) = (origin, size, root)
  }

  /// Nil if the text is none; lines behind the third are passed over.
  package init?(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 4, !lines[0].isEmpty, let size = Int(lines[1]), size >= 0,
      "\(size)" == lines[1], let root = try? Base64.decode(String(lines[2])),
      root.count == Digest.sha256Bytes
    else { return nil }
    self.init(origin: String(lines[0]), size: size, root: root)
  }

  package var text: String { "\(origin)\n\(size)\n\(Base64.encode(root))\n" }
}
