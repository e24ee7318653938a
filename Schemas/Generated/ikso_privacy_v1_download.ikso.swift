// Generated from ikso/privacy/v1/download.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.privacy.v1.DownloadService`.
package enum DownloadServiceMethods {
  package static let createDownload = MethodDescriptor(
    service: "ikso.privacy.v1.DownloadService", name: "CreateDownload",
    kind: .unary, idempotent: false)
  package static let openDownload = MethodDescriptor(
    service: "ikso.privacy.v1.DownloadService", name: "OpenDownload",
    kind: .serverStreaming, idempotent: false)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (createDownload, DownloadServicePolicies.createDownload),
    (openDownload, DownloadServicePolicies.openDownload),
  ]
}

/// Who may call the methods of `ikso.privacy.v1.DownloadService`, and what for.
package enum DownloadServicePolicies {
  package static let createDownload = AccessPolicy(
    anyone: false,
    roles: [.privacyOfficer],
    services: [],
    maximumAuthenticationAge: .seconds(900),
    purpose: "privacy-requests", idempotent: false)
  package static let openDownload = AccessPolicy(
    anyone: true,
    roles: [],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "privacy-requests", idempotent: false)
}

/// The archive of a portability request for the organisation that the person named (clause 35), or
/// for the person: by a code that works once, and not for ever.
package protocol DownloadServiceHandler: Sendable {
  /// Makes the code; one that was made before for the request works no more.
  func createDownload(
    _ request: PrivacyCreateDownloadRequest, _ call: Call
  ) async throws -> PrivacyDownload

  /// The signed archive, in pieces of at most 64 KiB. The code is used up when the first is sent;
  /// NOT_FOUND alike for one that was used, is over or never was.
  func openDownload(
    _ request: PrivacyOpenDownloadRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyArchiveChunk>
  ) async throws
}

extension DownloadServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        DownloadServiceMethods.createDownload,
        admit: { try await accessGuard.admit($0, DownloadServicePolicies.createDownload) },
        createDownload),
      RPCMethod.serverStreaming(
        DownloadServiceMethods.openDownload,
        admit: { try await accessGuard.admit($0, DownloadServicePolicies.openDownload) },
        openDownload),
    ]
  }
}

/// Calls `ikso.privacy.v1.DownloadService`.
package struct DownloadServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Makes the code; one that was made before for the request works no more.
  package func createDownload(
    _ request: PrivacyCreateDownloadRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> PrivacyDownload {
    try await client.unary(
      DownloadServiceMethods.createDownload, request, options,
      as: PrivacyDownload.self)
  }

  /// The signed archive, in pieces of at most 64 KiB. The code is used up when the first is sent;
  /// NOT_FOUND alike for one that was used, is over or never was.
  package func openDownload(
    _ request: PrivacyOpenDownloadRequest, _ options: CallOptions = CallOptions()
  ) async throws -> ResponseStream<PrivacyArchiveChunk> {
    try await client.serverStreaming(
      DownloadServiceMethods.openDownload, request, options,
      as: PrivacyArchiveChunk.self)
  }
}
