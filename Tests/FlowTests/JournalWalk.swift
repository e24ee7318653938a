import Foundation
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Everything that somebody else can read of one person, change of their rights and export, once.
struct JournalWalk: Sendable {
  static let recipient = "Nieuwe Werkgever B.V."

  let organisation: Organisation
  let administrator: Member
  let officer: Member
  /// Whose data it is about.
  let member: Member
  /// Who is asked by the member, and leads them.
  let colleague: Member

  private var house: House { organisation.house }

  static func make() async throws -> JournalWalk {
    let organisation = try await Organisation.make()
    return JournalWalk(
      organisation: organisation,
      administrator: try await organisation.member("Bea Beheer", role: "administrator"),
      officer: try await organisation.officer(),
      member: try await organisation.member("Daan Deelnemer"),
      colleague: try await organisation.member("Cas Collega"))
  }

  /// All that stands in the log about the member, as the officer reads it.
  func entries() async throws -> [PrivacyAccess] {
    let log = AccessLogServiceClient(house.gateway)
    var (entries, token) = ([PrivacyAccess](), "")
    repeat {
      let page = try await log.listAccesses(
        .with {
          $0.subjectID = member.id
          $0.pageSize = 100
          $0.pageToken = token
        }, officer.options)
      entries += page.accesses
      token = page.nextPageToken
    } while !token.isEmpty
    return entries
  }

  func people() async throws {
    let people = PeopleServiceClient(house.gateway)
    let options = administrator.options
    let id = member.id
    _ = try await people.getPerson(.with { $0.personID = id }, options)
    _ = try await people.listPeople(.init(), options)
    _ = try await people.listCorrections(.with { $0.personID = id }, options)
    _ = try await people.correctPerson(
      .with {
        $0.personID = id
        $0.name = "Daan de Deelnemer"
      }, options)
    for _ in 0..<2 {
      _ = try await people.grantRole(
        .with {
          $0.personID = id
          $0.role = .coach
        }, options)
    }
    _ = try await people.revokeRole(
      .with {
        $0.personID = id
        $0.role = .coach
      }, options)
    _ = try await people.grantRole(
      .with {
        $0.personID = colleague.id
        $0.role = .manager
      }, options)
    _ = try await people.setManager(
      .with {
        $0.personID = id
        $0.managerID = colleague.id
      }, options)
    _ = try await people.listReports(.init(), try await colleague.signIn().options)
    _ = try await house.identity.findColleague(
      .with { $0.email = member.email }, administrator.options)
    _ = try await house.identity.getColleagues(
      .with { $0.personIds = [id, id] }, administrator.options)
    try await report()
  }

  private func report() async throws {
    let programmes = ProgrammeServiceClient(house.gateway)
    let made = try await programmes.createProgramme(
      .with {
        $0.name = "Leergang"
        $0.kind = .training
        $0.beginsOn = Samples.day(0)
        $0.endsOn = Samples.day(30)
      }, administrator.options)
    _ = try await programmes.enrolPeople(
      .with {
        $0.programmeID = made.programmeID
        $0.personIds = [member.id]
      }, administrator.options)
    try await organisation.instructReporting(officer.options, asking: administrator.options)
    let named = try await ReportServiceClient(house.gateway).listReportedPeople(
      .with { $0.programmeID = made.programmeID }, administrator.options)
    #expect(named.people.map(\.personID) == [member.id])
  }

  func feedback() async throws {
    let outsider = "Olga Buitenstaander \(organisation.tag)"
    _ = try await member.ask([colleague], outsiders: [outsider])
    try await member.createGoal()
    _ = try await house.feedback.listFeedbackTasks(.init(), colleague.options)
    let code = try await house.mailbox.code(to: organisation.email(outsider))
    _ = try await house.feedback.openGuestLink(.with { $0.code = code })
  }

  func complaint() async throws {
    let complaints = ComplaintServiceClient(house.gateway)
    let filed = try await complaints.fileComplaint(.with { $0.text = "Te laat." }, member.options)
    _ = try await complaints.listMyComplaints(.init(), member.options)
    _ = try await complaints.listComplaints(.init(), officer.options)
    _ = try await complaints.answerComplaint(
      .with {
        $0.complaintID = filed.complaintID
        $0.outcome = .upheld
        $0.answer = "Het was te laat."
      }, officer.options)
  }

  func requests() async throws {
    func ask(byOfficer: Bool) async throws -> String {
      let detail = PrivacyRequestDetail.with {
        $0.field = "functie"
        $0.newValue = "Adviseur"
        $0.explanation = "Verkeerd overgenomen."
      }
      return byOfficer
        ? try await house.privacy.createRequest(
          .with {
            $0.kind = .rectification
            $0.subjectID = member.id
            $0.detail = detail
          }, officer.options
        ).requestID
        : try await house.ownRequests.createOwnRequest(
          .with {
            $0.kind = .rectification
            $0.detail = detail
          }, member.options
        ).requestID
    }
    let (first, second, third) = (
      try await ask(byOfficer: false), try await ask(byOfficer: false),
      try await ask(byOfficer: true)
    )
    _ = try await house.privacy.getRequest(.with { $0.requestID = first }, officer.options)
    _ = try await house.requests.approveRequest(.with { $0.requestID = first }, officer.options)
    _ = try await house.requests.extendRequest(
      .with {
        $0.requestID = first
        $0.reason = "Het is veel."
      }, officer.options)
    try await proof(of: first)
    _ = try await house.requests.completeRequest(
      .with {
        $0.requestID = first
        $0.outcome = "Gewijzigd."
      }, officer.options)
    _ = try await RightsTests.closed(first, officer, house.requests)
    _ = try await house.requests.refuseRequest(
      .with {
        $0.requestID = second
        $0.ground = .accurate
        $0.explanation = "Het klopt."
      }, officer.options)
    _ = try await house.requests.withdrawRequest(.with { $0.requestID = third }, officer.options)
  }

  private func proof(of request: String) async throws {
    _ = try await house.proofs.attachProof(
      .with {
        $0.requestID = request
        $0.form = .text
        $0.content = Data("Gezien: paspoort, gegevens zwart gemaakt.".utf8)
        $0.attestation = .with {
          $0.photo = true
          $0.machineReadableZone = true
          $0.documentNumber = true
          $0.citizenNumber = true
        }
      }, officer.options)
    _ = try await house.proofs.getProof(.with { $0.requestID = request }, officer.options)
  }

  func archives() async throws {
    let access = try await RightsTests.request(.access, about: member, by: officer)
    _ = try await RightsTests.archive(access, by: officer)
    let portability = try await house.privacy.createRequest(
      .with {
        $0.kind = .portability
        $0.subjectID = member.id
        $0.detail.recipient = Self.recipient
      }, officer.options)
    _ = try await RightsTests.closed(portability.requestID, officer, house.requests)
    let download = try await house.downloads.createDownload(
      .with { $0.requestID = portability.requestID }, officer.options)
    let chunks = try await house.downloads.openDownload(.with { $0.code = download.code })
    for try await _ in chunks {}
    _ = try await AccessLogServiceClient(house.gateway).listAccesses(
      .with { $0.subjectID = member.id }, officer.options)
  }

  /// Ends the member's sessions.
  func suspension() async throws {
    let people = PeopleServiceClient(house.gateway)
    _ = try await people.suspendPerson(.with { $0.personID = member.id }, administrator.options)
    _ = try await people.reinstatePerson(.with { $0.personID = member.id }, administrator.options)
  }
}
