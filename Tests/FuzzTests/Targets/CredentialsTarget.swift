import Foundation

@testable import Cryptography
@testable import Identity

/// What a stranger gives to prove who they are, and what is kept of it.
///
/// What has to hold: what is read is written back as the one spelling of it; nothing is taken for a
/// code, a hash or a list that ours would not have made; no bound is crossed.
enum CredentialsTarget {
  static func check(_ input: [UInt8]) throws {
    var choices = FuzzInput(input)
    switch choices.byte() % 7 {
    case 0: try checkLink(String(decoding: choices.all(), as: UTF8.self))
    case 1: try checkRecoveryCode(String(decoding: choices.all(), as: UTF8.self))
    case 2: try checkAddress(String(decoding: choices.all(), as: UTF8.self))
    case 3: try checkOneTimeCode(&choices)
    case 4: try checkHash(String(decoding: choices.all(), as: UTF8.self))
    case 5: try checkList(&choices)
    default: try checkRotating(String(decoding: choices.all(), as: UTF8.self))
    }
  }

  private static func checkLink(_ text: String) throws {
    guard let code = LinkCode(text) else { return }
    try demand(LinkCode(code.text) == code, "a link code is another one when it is read again")
    try demand(code.text.utf8.count == 64, "a link code of \(code.text.utf8.count) bytes")
  }

  private static func checkRotating(_ text: String) throws {
    guard let token = RotatingToken(text) else { return }
    try demand(token.text == text, "two spellings of a token: \(text)")
    let next = token.successor
    try demand(next.tenant == token.tenant && next.familyHash == token.familyHash, "another's")
    try demand(next.hash != token.hash, "a successor that is no other one")
    try demand(RotatingToken(next.text) == next, "a token is another one when it is read again")
  }

  private static func checkRecoveryCode(_ text: String) throws {
    guard let code = RecoveryCode(text) else { return }
    try demand(RecoveryCode(code.text) == code, "a recovery code is another one when read again")
    try demand(code.text.utf8.count == 19, "a recovery code of \(code.text.utf8.count) bytes")
  }

  private static func checkAddress(_ text: String) throws {
    guard let address = try? EmailAddress(text) else { return }
    try demand(address.text.utf8.count <= EmailAddress.limit, "a long address")
    try demand(
      address.text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x3c && $0 != 0x3e },
      "an address that breaks a header: \(address.text)")
    try demand(try EmailAddress(address.text) == address, "an address is another one")
    try demand(try EmailAddress(address.normalised).normalised == address.normalised, "two forms")
  }

  private static func checkOneTimeCode(_ choices: inout FuzzInput) throws {
    let secret = choices.bytes(TOTP.secretBytes)
    let seconds = choices.bytes(5).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    let used = Int64(choices.byte()) - 128 + TOTP.step(at: seconds)
    let text = String(decoding: choices.all(), as: UTF8.self)
    let step = TOTP.match(text, secret, at: seconds, after: used)
    if let step {
      try demand(TOTP.code(secret, step: step) == text, "another code was taken")
      try demand(abs(step - TOTP.step(at: seconds)) <= TOTP.tolerance, "a code of another time")
      try demand(step > used, "a code was taken a second time")
    }
  }

  private static func checkHash(_ text: String) throws {
    guard let stored = try? PHCString(text) else { return }
    try demand(stored.parameters.isAcceptable, "costs out of bounds")
    try demand(try PHCString(stored.encoded) == stored, "a hash is another one when read again")
  }

  /// A list of the lines, and the same with one byte changed.
  private static func checkList(_ choices: inout FuzzInput) throws {
    let (place, change) = (choices.below(256) << 8 | Int(choices.byte()), choices.byte())
    let digests = choices.all().split(separator: 0x0a).compactMap(BreachedPasswords.digest(ofLine:))
    try demand(digests.allSatisfy { $0.count == 20 }, "a digest that is none")
    var builder = BreachedPasswordsBuilder(entries: digests.count, falsePositiveRate: 0.01)
    for digest in digests { builder.insert(digest: digest) }
    var file = builder.finish()
    let list = try BreachedPasswords(file)
    try demand(digests.allSatisfy { list.contains(digest: $0) }, "what was put in is not found")
    guard change != 0 else { return }
    file[place % file.count] ^= change
    try demand((try? BreachedPasswords(file)) == nil, "a changed list was taken")
  }
}
