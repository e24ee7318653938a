// Generated from ikso/notice/v1/notice.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.notice.v1.NoticeService`.
package enum NoticeServiceMethods {
  package static let sendNotice = MethodDescriptor(
    service: "ikso.notice.v1.NoticeService", name: "SendNotice",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (sendNotice, NoticeServicePolicies.sendNotice),
  ]
}

/// Who may call the methods of `ikso.notice.v1.NoticeService`, and what for.
package enum NoticeServicePolicies {
  package static let sendNotice = AccessPolicy(
    anyone: false,
    roles: [],
    services: ["privacy"],
    maximumAuthenticationAge: nil,
    purpose: "information", idempotent: true)
}

/// Notices by mail to people of organisations. Their addresses are identity's: who has something to
/// tell says what and to whom, and nothing that is personal.
package protocol NoticeServiceHandler: Sendable {
  /// Takes a notice over: once this has answered it goes out, to everybody who is meant and once,
  /// whatever ends meanwhile. The same `notice_id` again changes nothing, until 30 days after the
  /// last of its mails was written.
  func sendNotice(
    _ request: NoticeSendNoticeRequest, _ call: Call
  ) async throws -> NoticeSendNoticeResponse
}

extension NoticeServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        NoticeServiceMethods.sendNotice,
        admit: { try await accessGuard.admit($0, NoticeServicePolicies.sendNotice) },
        sendNotice),
    ]
  }
}

/// Calls `ikso.notice.v1.NoticeService`.
package struct NoticeServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// Takes a notice over: once this has answered it goes out, to everybody who is meant and once,
  /// whatever ends meanwhile. The same `notice_id` again changes nothing, until 30 days after the
  /// last of its mails was written.
  package func sendNotice(
    _ request: NoticeSendNoticeRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> NoticeSendNoticeResponse {
    try await client.unary(
      NoticeServiceMethods.sendNotice, request, options,
      as: NoticeSendNoticeResponse.self)
  }
}
