import RPC

/// What the errors of service accounts and of support mean on the wire.
extension ServiceAccountError: PublicError {
  var status: RPCError {
    switch self {
    case .field(let field, let problem): .invalid(field.rawValue, "\(problem)")
    case .accountNotFound: .notFound("service account not found")
    case .credentialNotFound: .notFound("credential not found")
    case .nameTaken: .alreadyExists("a service account of this name was made before")
    case .disabled: .failedPrecondition("the service account is disabled")
    case .expired: .failedPrecondition("the service account has expired; make another one")
    case .tooManyCredentials(let limit):
      .resourceExhausted(
        "\(limit) credentials of the service account count; revoke one of them first")
    case .credentialKnown:
      .alreadyExists("the service account has this key or certificate already")
    case .credentialRefused:
      .unauthenticated(
        "no credential of a service account that counts fits; see AddCredential")
    case .assertionRefused(let problem): .unauthenticated("the assertion is refused: \(problem)")
    case .tooManyAssertions:
      .resourceExhausted(
        "the service account has asked for too many tokens: use one until it expires"
      ).retrying(after: .seconds(60))
    case .scopeNotHeld:
      .permissionDenied("scopes: the service account does not have one of them")
    }
  }
}

extension ServiceAccountError.Problem: CustomStringConvertible {
  var description: String {
    switch self {
    case .missing: "is missing"
    case .notAName: "must be 3 to 40 of a-z, 0-9 and -, a letter first"
    case .notAScope:
      "must be full names of methods that admit such a caller, as"
        + " ikso.identity.v1.IdentityService/GetOrganisation, or a service of such methods with /*"
    case .notBetween(let low, let high): "must be \(low) to \(high)"
    case .tooMany(let limit): "must be at most \(limit)"
    case .tooLong(let limit): "must be at most \(limit) bytes together"
    case .eitherOr: "must name organisations, or all_organisations must be true"
    case .notAKey: "must be one PUBLIC KEY in PEM, Ed25519 or P-256"
    case .notAnIdentity:
      "must be spiffe://ikso/<name>, or sha256: and 64 hexadecimal digits in lower case"
    case .identityOfAProcess: "must not be the identity of one of IKSO's own processes"
    case .notPlainText: "must be 1 to 500 characters in one line"
    }
  }
}

extension AssertionProblem: CustomStringConvertible {
  var description: String {
    switch self {
    case .tooLong: "it is longer than \(ServiceAssertion.maximumBytes) bytes"
    case .malformed(let reason): reason
    case .wrongAudience(let expected): "its aud is not \(expected)"
    case .livesTooLong: "its exp is not 1 to 300 s after its iat"
    case .notYetValid: "it is not valid yet; is a clock wrong?"
    case .expired: "it has expired; is a clock wrong?"
    case .replayed: "its jti came before; each assertion counts once"
    }
  }
}
