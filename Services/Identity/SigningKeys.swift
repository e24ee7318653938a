import Access
import Cryptography
import FoundationEssentials
import Postgres
import Storage
import Synchronization

/// The keys that access tokens are signed with. The table is the truth for every process of
/// identity; each process keeps what it read for `cacheSeconds`.
///
/// A new key is published at once and signs only after `activation`, when every service has
/// fetched it. The earlier one stays published until no token signed with it can be valid.
final class SigningKeys: Sendable {
  /// How old what is known of the table may be.
  static let cacheSeconds: TimeInterval = 5
  /// Differences between the clocks of processes.
  static let skewSeconds: TimeInterval = 60
  /// Below the most that a `KeyRing` holds.
  static let limit = 8

  private struct Known: Sendable {
    let rows: [SigningKeyRow]
    let readAt: Date
  }

  private struct State {
    var known: Known?
    var signer: TokenSigner?
  }

  private let database: Database
  private let vault: Vault
  private let issuer: String
  private let tokenLifetime: TimeInterval
  private let activation: TimeInterval
  private let now: @Sendable () -> Date
  private let state = Mutex(State())

  init(
    database: Database, vault: Vault, issuer: String, tokenLifetime: Duration,
    activation: Duration, now: @escaping @Sendable () -> Date
  ) {
    self.database = database
    self.vault = vault
    self.issuer = issuer
    self.tokenLifetime = tokenLifetime / .seconds(1)
    self.activation = activation / .seconds(1)
    self.now = now
  }

  /// All keys that a valid token can be signed with, the one to come included.
  func published() async throws -> [PublishedKey] {
    try await rows().map { row in
      PublishedKey(
        id: row.id, publicKey: row.publicKey, notBefore: row.notBefore, notAfter: row.notAfter)
    }
  }

  /// Signs with the newest key whose time has come.
  func signer() async throws -> TokenSigner {
    let time = now()
    let rows = try await rows()
    guard let row = rows.first(where: { $0.notBefore <= time }) ?? rows.last else {
      throw SigningKeyError.none
    }
    if let signer = state.withLock(\.signer), signer.keyID == row.id { return signer }
    let key = try Ed25519PrivateKey(rawBytes: try await secret(row.id, make: nil))
    guard key.publicKey.rawBytes == row.publicKey else { throw SigningKeyError.mismatch(row.id) }
    let signer = try TokenSigner(issuer: issuer, keyID: row.id, key: key)
    state.withLock { $0.signer = signer }
    return signer
  }

  /// Makes the next key; gives its id. `event`: what the platform's log gets with it.
  func rotate(_ event: SQL? = nil) async throws -> String {
    let key = try await newKey()
    let time = now()
    let row = SigningKeyRow(
      id: key.id, publicKey: key.publicKey, notBefore: time + activation, notAfter: nil)
    // Another process may sign with the old one for as long as it doesn't know of this.
    let lastUse = row.notBefore + Self.cacheSeconds + Self.skewSeconds
    try await database.transaction(tenant: .platform) { transaction in
      try await transaction.query(.signingKeyLock)
      let current = try await transaction.query(.signingKeyFetch(at: time))
      guard current.count < Self.limit else {
        throw IdentityError.tooManySigningKeys(limit: Self.limit)
      }
      try await transaction.query(
        all: [.signingKeyEnd(at: lastUse + tokenLifetime), .signingKeyInsert(row, at: time)]
          + (event.map { [$0] } ?? []))
    }
    state.withLock { $0.known = nil }
    return key.id
  }

  private func rows() async throws -> [SigningKeyRow] {
    let time = now()
    if let known = state.withLock(\.known),
      abs(time.timeIntervalSince(known.readAt)) < Self.cacheSeconds
    {
      return known.rows
    }
    var rows = try await fetch(at: time)
    if rows.isEmpty {
      try await makeFirst(at: time)
      rows = try await fetch(at: time)
    }
    state.withLock { $0.known = Known(rows: rows, readAt: time) }
    return rows
  }

  private func fetch(at time: Date) async throws -> [SigningKeyRow] {
    try await database.once(tenant: .platform, .signingKeyFetch(at: time))[0]
      .map(SigningKeyRow.init)
  }

  /// At the first start of all; of several processes one is first.
  private func makeFirst(at time: Date) async throws {
    let key = try await newKey()
    let row = SigningKeyRow(
      id: key.id, publicKey: key.publicKey, notBefore: time, notAfter: nil)
    try await database.transaction(tenant: .platform) { transaction in
      try await transaction.query(.signingKeyLock)
      guard try await transaction.query(.signingKeyFetch(at: time)).isEmpty else { return }
      try await transaction.query(.signingKeyInsert(row, at: time))
    }
  }

  /// The private part is in the vault before anybody can know of the key.
  private func newKey() async throws -> (id: String, publicKey: [UInt8]) {
    let key = try Ed25519PrivateKey.generate()
    let id = PublishedKey.id(of: key.publicKey)
    let bytes = try key.rawBytes()
    _ = try await secret(id, make: bytes)
    return (id, key.publicKey.rawBytes)
  }

  private func secret(_ id: String, make bytes: [UInt8]?) async throws -> [UInt8] {
    // Where the store lost a key, the random one made in its place fails the comparison above.
    try await vault.secret(named: "signing-key/\(id)") {
      bytes ?? SecureRandom.bytes(Ed25519.keyBytes)
    }
  }
}

/// For the log: a caller learns no more than that the process is not well.
enum SigningKeyError: Error, CustomStringConvertible {
  case none
  case mismatch(String)

  var description: String {
    switch self {
    case .none: "there is no signing key whose time has come; are the clocks right?"
    case .mismatch(let id):
      "the private part of signing key \(id) is not in the key store; restore the store, or end the"
        + " key's row and restart, which makes a new one"
    }
  }
}
