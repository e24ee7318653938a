package import SwiftProtobuf

/// The standard details of an error (google.rpc, error_details.proto): what a program reads.
extension RPCError {
  /// The trailer that carries them in gRPC (PROTOCOL-HTTP2, Status-Details).
  static let detailsName = "grpc-status-details-bin"
  private static let typePrefix = "type.googleapis.com/"

  /// The same error with its reason, in UPPER_SNAKE_CASE.
  package func because(_ reason: String) -> RPCError {
    var error = self
    error.reason = reason
    return error
  }

  /// The same error with its reason among the details, unless one is there.
  func naming(_ domain: String?) -> RPCError {
    guard let domain, let reason, detail(RPCErrorInfo.self) == nil else { return self }
    return adding(
      RPCErrorInfo.with {
        $0.reason = reason
        $0.domain = domain
      })
  }

  /// Adds that `field` of the request is wrong (its path: `goal.title`), and what would be right.
  package func violating(_ field: String, _ description: String) -> RPCError {
    var request = detail(RPCBadRequest.self) ?? RPCBadRequest()
    request.fieldViolations.append(
      .with {
        $0.field = field
        $0.description_p = description
      })
    return replacing(request)
  }

  /// INVALID_ARGUMENT for one field (its path: `goal.title`): in the text, what would be right
  /// follows the field's name.
  package static func invalid(_ field: String, _ problem: String) -> RPCError {
    .invalidArgument("\(field) \(problem)").violating(field, problem)
  }

  /// Adds when to try again; also as `retry-after`, in whole seconds, for plain HTTP callers.
  package func retrying(after delay: Duration) -> RPCError {
    let (seconds, attoseconds) = delay.components
    var error = adding(
      RPCRetryInfo.with {
        $0.retryDelay = Google_Protobuf_Duration(
          seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
      })
    let whole = seconds + (attoseconds > 0 ? 1 : 0)
    error.metadata.add(unchecked: "retry-after", String(whole))
    return error
  }

  /// Adds that a bound of `subject` was reached.
  package func exceeding(quotaOf subject: String, _ description: String) -> RPCError {
    var quota = detail(RPCQuotaFailure.self) ?? RPCQuotaFailure()
    quota.violations.append(
      .with {
        $0.subject = subject
        $0.description_p = description
      })
    return replacing(quota)
  }

  /// Adds what has to be so first: `type` in UPPER_SNAKE_CASE, and what it is about.
  package func missing(
    precondition type: String, of subject: String, _ description: String
  ) -> RPCError {
    var failure = detail(RPCPreconditionFailure.self) ?? RPCPreconditionFailure()
    failure.violations.append(
      .with {
        $0.type = type
        $0.subject = subject
        $0.description_p = description
      })
    return replacing(failure)
  }

  /// The first detail of that type; nil when there is none that can be read.
  package func detail<Detail: Message>(_ type: Detail.Type) -> Detail? {
    let name = "/" + Detail.protoMessageName
    return details.first { $0.typeURL.hasSuffix(name) }.flatMap {
      try? Detail(serializedBytes: $0.value)
    }
  }

  private func adding(_ detail: some Message) -> RPCError {
    var error = self
    if let packed = try? Google_Protobuf_Any(message: detail, typePrefix: RPCError.typePrefix) {
      error.details.append(packed)
    }
    return error
  }

  private func replacing<Detail: Message>(_ detail: Detail) -> RPCError {
    var error = self
    let name = "/" + Detail.protoMessageName
    error.details.removeAll { $0.typeURL.hasSuffix(name) }
    return error.adding(detail)
  }

  // MARK: On the wire

  /// The error as google.rpc.Status; nil without details, when the plain trailers say it all.
  var statusBytes: [UInt8]? {
    guard !details.isEmpty else { return nil }
    let status = RPCStatus.with {
      $0.code = Int32(code.rawValue)
      $0.message = message
      $0.details = details
    }
    return try? status.serializedBytes()
  }

  /// The details of a received status; none of what cannot be read.
  static func details(inStatus bytes: [UInt8]) -> [Google_Protobuf_Any] {
    (try? RPCStatus(serializedBytes: bytes))?.details ?? []
  }
}

extension PublicError {
  /// The case's name in UPPER_SNAKE_CASE: `goalCompleted` is GOAL_COMPLETED. A case that is renamed
  /// for other reasons keeps its reason by an implementation of its own.
  package var reason: String? {
    let mirror = Mirror(reflecting: self)
    guard mirror.displayStyle == .enum else { return nil }
    let name = mirror.children.first?.label ?? "\(self)"
    // A case without a payload may describe itself otherwise.
    guard name.utf8.allSatisfy({ byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }) else { return nil }
    var reason = ""
    for character in name {
      if character.isUppercase, !reason.isEmpty { reason += "_" }
      reason += character.uppercased()
    }
    return reason
  }

  /// `status` with its reason, unless it gives one itself.
  package var answer: RPCError {
    let status = status
    guard status.reason == nil, let reason else { return status }
    return status.because(reason)
  }
}
