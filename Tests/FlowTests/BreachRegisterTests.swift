import Foundation
import Postgres
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// The register of breaches over the wire, in a privacy service of the test's own, whose register
/// nobody else's reports are in.
struct BreachRegisterTests {
  @Test(.timeLimit(.minutes(10)))
  func `clause 39: nobody's reports hide another organisation's, and all are listed in pages`()
    async throws
  {
    let (loud, quiet) = (try await Organisation.make(), try await Organisation.make())
    let people = try await loud.members("Lia Luid", "Lou Luid")
    let witness = try await quiet.member("Stef Stil")
    let operators = try await loud.house.operators.options()
    try await OwnPrivacy.with { own in
      let service = try await own.start()
      let breaches = BreachServiceClient(service.client)
      func report(_ member: Member) async throws -> String {
        try await OwnPrivacy.patiently {
          try await breaches.reportBreach(.with { $0.text = "lek" }, member.options).breachID
        }
      }
      var ids: Set<String> = []
      for member in people {
        for _ in 0..<5 { ids.insert(try await report(member)) }
        try await expectRefusal(
          .resourceExhausted, "at most 5", "write to", what: "a sixth within a day"
        ) { try await breaches.reportBreach(.with { $0.text = "lek" }, member.options) }
      }
      let seen = try await report(witness)
      ids.insert(seen)
      var (found, request) = ([String](), PrivacyListBreachesRequest())
      request.pageSize = 2
      repeat {
        let page = try await breaches.listBreaches(request, operators)
        found += page.breaches.map(\.breachID)
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(found.prefix(2).contains(seen))
      #expect(found.count == ids.count && Set(found) == ids)
      await own.kill(service)
    }
  }
}
