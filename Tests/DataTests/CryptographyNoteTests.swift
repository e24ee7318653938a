import Testing

@testable import Cryptography

/// Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).
@Suite struct CryptographyNoteTests {
  /// The example of Go's package golang.org/x/mod/sumdb/note.
  private static let neumann = """
    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot\
    pRZb6KE6RyyBwJnAM=

    """

  @Test func `a note of another implementation is verified`() throws {
    let encoded = try Base64.decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    let key = try Ed25519PublicKey(rawBytes: Array(encoded.dropFirst()))
    let note = try #require(SignedNote(Self.neumann))
    #expect(note.text.hasSuffix("what your problem is.\n"))
    #expect(note.isSigned(by: key, named: "PeterNeumann"))
    #expect(!note.isSigned(by: key, named: "JohnDoe"))
    #expect(note.encoded == Self.neumann)
    let altered = try #require(SignedNote(Self.neumann.replacing("your problem is", with: "it is")))
    #expect(!altered.isSigned(by: key, named: "PeterNeumann"))
  }

  @Test func `a note is read as it was signed, beside signatures of others`() throws {
    let (own, other) = (try Ed25519PrivateKey.generate(), try Ed25519PrivateKey.generate())
    let root = Digest.sha256("root")
    let checkpoint = LogCheckpoint(origin: "example.org/log", size: 17, root: root)
    let note = try SignedNote(checkpoint.text, signedBy: own, named: "ours")
    let witnessed = try SignedNote(checkpoint.text, signedBy: other, named: "witness")
    let both = note.encoded + String(witnessed.encoded.dropFirst(checkpoint.text.count + 1))
    let read = try #require(SignedNote(both))
    #expect(read.signatures.count == 2)
    #expect(read.isSigned(by: own.publicKey, named: "ours"))
    #expect(read.isSigned(by: other.publicKey, named: "witness"))
    #expect(!read.isSigned(by: other.publicKey, named: "ours"))
    #expect(LogCheckpoint(read.text) == checkpoint)
  }

  @Test(arguments: [
    "", "\n", "\n\n", "text\n", "text\n\n", "text\n\nx\n", "text\n\n— name\n",
    "\n\n— n AAAAAAA=\n",
    "text\n\n— name AAAA\n", "text\n\n— na+me AAAAAAA=\n", "text\n\n— name AAAAAAA=",
    "text\n\n— name %%%%\n", "text\n\n- name AAAAAAA=\n",
  ])
  func `what is no note is refused`(text: String) {
    #expect(SignedNote(text) == nil)
  }

  @Test(arguments: [
    "", "origin\n", "origin\n1\n", "origin\n-1\nAAAA\n", "origin\n01\n", "\n1\nAAAA\n",
    "o\n1\nAAAA\n",
  ])
  func `what is no checkpoint is refused`(text: String) {
    #expect(LogCheckpoint(text) == nil)
  }
}
