import Cryptography
import FoundationEssentials

/// An account of a program: what it is called, where it may act and until when.
struct ServiceAccount: Equatable, Sendable {
  let id: UUID
  let name: String
  /// As a token carries them (see `ServiceScopes`).
  let scopes: [String]
  let reach: Reach
  let createdAt: Date
  let expiresAt: Date
  var disabledAt: Date?

  /// The organisations that it may act in.
  enum Reach: Equatable, Sendable {
    case all
    case some([UUID])

    func holds(_ organisation: UUID) -> Bool {
      switch self {
      case .all: true
      case .some(let organisations): organisations.contains(organisation)
      }
    }
  }

  func requireUsable(at time: Date) throws(ServiceAccountError) {
    guard disabledAt == nil else { throw .disabled }
    guard time < expiresAt else { throw .expired }
  }
}

/// What a program proves with that it is the account.
struct ServiceCredential: Equatable, Sendable {
  let id: UUID
  let proof: Proof
  let createdAt: Date
  let expiresAt: Date
  var revokedAt: Date?
  var lastUsedAt: Date?

  enum Proof: Equatable, Sendable {
    /// Signs assertions; SubjectPublicKeyInfo in DER.
    case key([UInt8])
    case certificate(CertificateIdentity)
  }

  func counts(at time: Date) -> Bool { revokedAt == nil && time < expiresAt }
}

/// By what a client certificate is known: its SPIFFE identity, or SHA-256 of its public key.
enum CertificateIdentity: Hashable, Sendable {
  case spiffe(name: String)
  case key([UInt8])

  static let trustDomain = "spiffe://ikso/"
  static let hashPrefix = "sha256:"
  /// Processes of ours: who has one of their certificates is no tool.
  static let processes: Set<String> = ["gateway", "identity", "feedback", "goals", "privacy"]

  var text: String {
    switch self {
    case .spiffe(let name): Self.trustDomain + name
    case .key(let hash): Self.hashPrefix + Hex.encode(hash)
    }
  }

  init(_ text: String) throws(ServiceAccountError) {
    if text.hasPrefix(Self.trustDomain) {
      let name = String(text.dropFirst(Self.trustDomain.count))
      guard ServiceAccountName.isName(name) else {
        throw .field(.certificateIdentity, .notAnIdentity)
      }
      guard !Self.processes.contains(name) else {
        throw .field(.certificateIdentity, .identityOfAProcess)
      }
      self = .spiffe(name: name)
    } else {
      guard text.hasPrefix(Self.hashPrefix),
        let hash = try? Hex.decode(String(text.dropFirst(Self.hashPrefix.count))),
        hash.count == 32
      else { throw .field(.certificateIdentity, .notAnIdentity) }
      self = .key(hash)
    }
  }
}

/// Bounds of service accounts, all refused beyond.
enum ServiceAccountLimits {
  static let accountDays = 365
  static let credentialDays = 90
  /// Credentials of an account that count at a time: the one in use, the next one, and one more
  /// for a tool that runs in two places.
  static let credentials = 3
  static let organisations = 100
  static let scopes = 32
  /// All scopes together, in bytes: a token must hold them in base64url.
  static let scopeBytes = 2_048
  /// Credentials of an account that are shown.
  static let shownCredentials = 10
  /// Assertions of an account that are remembered at a time: some three a second.
  static let assertions = 1_000
  /// Seconds that a token lasts, at most.
  static let tokenLifetime: TimeInterval = 300

  /// From now on, as a request says it: 0 is `limit`.
  static func days(_ days: UInt32, upTo limit: Int) throws(ServiceAccountError) -> TimeInterval {
    guard days <= limit else { throw .field(.validDays, .notBetween(1, limit)) }
    return 86_400 * TimeInterval(days == 0 ? limit : Int(days))
  }
}

/// What an account is called in logs and in its tokens.
struct ServiceAccountName: Equatable, Sendable {
  static let lengths = 3...40
  let text: String

  init(_ text: String) throws(ServiceAccountError) {
    guard Self.isName(text) else { throw .field(.name, .notAName) }
    self.text = text
  }

  /// 3 to 40 of `a-z 0-9 -`, a letter first.
  static func isName(_ text: String) -> Bool {
    guard lengths.contains(text.utf8.count), let first = text.utf8.first,
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
    else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }
}

/// Every way in which a request about service accounts can fail by its rules.
enum ServiceAccountError: Error, Equatable {
  case field(Field, Problem)
  case accountNotFound
  case credentialNotFound
  case nameTaken
  case disabled
  case expired
  case tooManyCredentials(limit: Int)
  /// The same key or certificate was added before.
  case credentialKnown
  /// One error, whatever of account and credential is not there or does not fit.
  case credentialRefused
  /// Of an assertion that the account did sign.
  case assertionRefused(AssertionProblem)
  case tooManyAssertions
  case scopeNotHeld

  enum Field: String, Equatable {
    case name
    case scopes
    case organisationIDs = "organisation_ids"
    case validDays = "valid_days"
    case publicKey = "public_key"
    case certificateIdentity = "certificate_identity"
    case credential
    case minutes
    case reason
  }

  enum Problem: Equatable {
    case missing
    case notAName
    case notAScope
    case notBetween(Int, Int)
    case tooMany(limit: Int)
    case tooLong(limit: Int)
    case eitherOr
    case notAKey
    case notAnIdentity
    case identityOfAProcess
    case notPlainText
  }
}
