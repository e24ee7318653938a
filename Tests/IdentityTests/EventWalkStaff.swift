import Access
import Cryptography
import Foundation
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

extension EventWalk {
  /// What IKSO's staff does in an organisation, and what programs get.
  static let staff: [Step] = [
    Step("SupportService/RequestSupportAccess", [.supportAsked]) { walk in
      let access = try await walk.ask()
      let event = try await walk.house.events(of: walk.tenant)[0]
      #expect(event.actor == .staff && event.actorID.isEmpty)
      #expect(event.sessionID == access.supportAccessID)
    },
    Step("SupportService/RefuseSupportAccess", [.supportAsked, .supportRefused]) { walk in
      let access = try await walk.ask()
      _ = try await walk.house.refuse(access, walk.officer)
      _ = try await walk.house.refuse(access, walk.officer)
    },
    Step("SupportService/ApproveSupportAccess", [.supportAsked, .supportApproved]) { walk in
      let access = try await walk.ask()
      walk.house.clock.advance(1)
      _ = try await walk.house.approve(access, walk.officer)
      _ = try await walk.house.approve(access, walk.officer)
      let event = try await walk.house.events(of: walk.tenant)[0]
      #expect(event.actor == .person && event.actorID == walk.olga.canonical)
    },
    Step("SupportService/BeginSupport", [.supportAsked, .supportApproved, .supportBegun]) { walk in
      let access = try await walk.ask()
      _ = try await walk.house.approve(access, walk.officer)
      let before = try await walk.house.kinds()
      for _ in 0..<3 {
        _ = try await walk.house.beginSupport(walk.tenant, access.supportAccessID, walk.asker)
      }
      let after = try await walk.house.kinds()
      #expect(after["support_begun", default: 0] == before["support_begun", default: 0] + 1)
    },
    Step("SupportService/EndSupportAccess", [.supportAsked, .supportEnded]) { walk in
      let access = try await walk.ask()
      _ = try await walk.house.end(access, walk.officer)
      _ = try await walk.house.end(access, walk.officer)
    },
    Step(
      "ServiceAccountService/CreateServiceAccount", [.serviceAccountCreated, .credentialAdded]
    ) { walk in _ = try await walk.house.tool([walk.tenant]) },
    Step(
      "ServiceAccountService/AddCredential", [.serviceAccountCreated, .credentialAdded]
    ) { walk in _ = try await walk.house.rotate(try await walk.house.tool(nil), days: 1) },
    Step(
      "ServiceAccountService/RevokeCredential",
      [.serviceAccountCreated, .credentialAdded, .credentialRevoked]
    ) { walk in
      let tool = try await walk.house.tool(nil)
      let credential = try await walk.house.accounts(of: tool).credentials[0].credentialID
      for _ in 0..<2 {
        _ = try await walk.service.revokeCredential(
          .with {
            $0.serviceAccountID = tool.id.canonical
            $0.credentialID = credential
          }, walk.house.asOperator(ServiceAccountServicePolicies.revokeCredential))
      }
    },
    Step(
      "ServiceAccountService/DisableServiceAccount",
      [.serviceAccountCreated, .credentialAdded, .serviceAccountDisabled]
    ) { walk in
      let tool = try await walk.house.tool(nil)
      for _ in 0..<2 {
        _ = try await walk.service.disableServiceAccount(
          .with { $0.serviceAccountID = tool.id.canonical },
          walk.house.asOperator(ServiceAccountServicePolicies.disableServiceAccount))
      }
    },
  ]

  private var asker: Token {
    house.token(tenant: .platform, [.operator], subject: Self.operatorID)
  }
  private static let operatorID = UUID()

  private var officer: Token {
    house.token(tenant: tenant, [.privacyOfficer], subject: olga)
  }

  private func ask() async throws -> IdentitySupportAccess {
    try await house.requestSupport(tenant, asker)
  }
}
