import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// A person's data that no archive can hold.
@Suite(.timeLimit(.minutes(10))) struct ArchiveLimitTests {
  @Test(arguments: [PrivacyRequestKind.access, .portability])
  func `clauses 33, 35: what is too much for an archive comes to an officer's hands`(
    kind: PrivacyRequestKind
  ) async throws {
    let staff = try await RequestTests.Staff.make()
    let (officer, member) = (staff.officer, staff.member)
    try await OwnPrivacy.with { own in
      // No archive is that small.
      let service = try await own.start { $0["requests.archiveBytes"] = 1_024 }
      let asked = try await OwnPrivacy.patiently {
        try await service.privacy.createRequest(
          .with {
            $0.kind = kind
            $0.subjectID = member.id
            if kind == .portability { $0.detail.recipient = "Voorbeeld B.V." }
          }, officer.options)
      }
      let left = try await eventually("it is left to an officer") {
        let now = try await service.privacy.getRequest(
          .with { $0.requestID = asked.requestID }, officer.options)
        return now.state == .inHand ? now : nil
      }
      #expect(left.steps.contains { !$0.done && $0.problem.contains("1024 bytes") })
      #expect(!left.hasNextAttemptAt && left.archiveBytes == 0)
      let waiting: Int64 = try await own.superuser.run([
        "SELECT count(*) AS n FROM privacy.request_due"
      ])[0][0].get("n")
      #expect(waiting == 0, "nothing tries it again")

      let done = try await service.requests.completeRequest(
        .with {
          $0.requestID = asked.requestID
          $0.outcome = "Op een versleutelde schijf gegeven."
        }, officer.options)
      #expect(done.state == .completed)
      try await expectRefusal(
        .failedPrecondition, "an officer handed the data over", what: "the archive"
      ) {
        for try await _ in try await service.privacy.fetchArchive(
          .with { $0.requestID = asked.requestID }, officer.options)
        {}
      }
      if kind == .portability {
        try await expectRefusal(
          .failedPrecondition, "an officer handed the data over", what: "a code for it"
        ) {
          try await DownloadServiceClient(service.client).createDownload(
            .with { $0.requestID = asked.requestID }, officer.options)
        }
      }
      await own.kill(service)
    }
  }
}
