import Archive
import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

/// Steps 5 and 6: the wall between organisations, and the requests of the Authorised Person.
extension TourSteps {
  /// Tries every method that takes an identifier with a foreign one and with one that never was:
  /// the answers must not differ.
  func lookOverTheWall(
    _ operators: CallOptions, _ statement: Data, _ asker: Person, _ feedback: AskedFeedback,
    _ goal: GoalsGoal
  ) async throws {
    let other = try await walk.registerOrganisation("Andere Organisatie", operators)
    _ = try await walk.publish(statement, for: other, operators)
    let codes = try await walk.importParticipants(
      Data(Samples.otherParticipants.utf8), into: other, inviting: 1, operators)
    guard let code = codes.first else { throw CleanFailure("nobody was invited") }
    let stranger = try await walk.enrol(code).options
    let (identity, feedbacks, goals) = (gateway.identity, gateway.feedback, gateway.goals)

    try await unseen("FeedbackService.GetFeedback", feedback.received[0].feedbackID) {
      id throws(RPCError) in
      _ = try await feedbacks.getFeedback(.with { $0.feedbackID = id }, stranger)
    }
    try await unseen("FeedbackService.GetFeedbackRound", feedback.round.roundID) {
      id throws(RPCError) in
      _ = try await feedbacks.getFeedbackRound(.with { $0.roundID = id }, stranger)
    }
    try await unseen("FeedbackService.GiveFeedback", feedback.round.invitations[0].invitationID) {
      id throws(RPCError) in
      _ = try await feedbacks.giveFeedback(
        .with { $0.invitationID = id; $0.answer = "?" }, stranger)
    }
    try await unseen("GoalsService.GetGoal", goal.goalID) { id throws(RPCError) in
      _ = try await goals.getGoal(.with { $0.goalID = id }, stranger)
    }
    try await unseen("GoalsService.CheckIn", goal.goalID) { id throws(RPCError) in
      _ = try await goals.checkIn(
        .with { $0.goalID = id; $0.confidence = 3; $0.expectedRevision = goal.revision }, stranger)
    }
    try await unseen("GoalsService.ListCheckIns", goal.goalID) { id throws(RPCError) in
      _ = try await goals.listCheckIns(.with { $0.goalID = id }, stranger)
    }
    try await unseen("GoalsService.CompleteGoal", goal.goalID) { id throws(RPCError) in
      _ = try await goals.completeGoal(
        .with { $0.goalID = id; $0.expectedRevision = goal.revision; $0.evaluation = "?" },
        stranger)
    }
    try await unseen("IdentityService.GetColleagues", asker.id) { id throws(RPCError) in
      _ = try await identity.getColleagues(.with { $0.personIds = [id] }, stranger)
    }
    try await unseen("IdentityService.FindColleague", asker.email, absent: "nobody@example.org") {
      email throws(RPCError) in
      _ = try await identity.findColleague(.with { $0.email = email }, stranger)
    }
  }

  private func unseen(
    _ name: String, _ foreign: String, absent: String = UUID().canonical,
    _ body: (String) async throws(RPCError) -> Void
  ) async throws {
    var answers: [String] = []
    for id in [foreign, absent] {
      do {
        try await body(id)
        throw CleanFailure("\(name) shows what belongs to another organisation")
      } catch let error as RPCError {
        guard error.code == .notFound else {
          throw CleanFailure("\(name) answers \(error.code) instead of notFound")
        }
        answers.append(error.message)
      }
    }
    guard answers[0] == answers[1] else {
      throw CleanFailure("\(name) tells the foreign from the absent: \(answers)")
    }
    transcript.show("-> \(name) with another organisation's, and with one that never was")
    transcript.show("<- notFound: \(answers[0]) (both times)")
  }

  func requestAccess(_ officer: Person, about subject: Person) async throws {
    let found = try await transcript.call(
      "IdentityService.FindColleague",
      IdentityFindColleagueRequest.with { $0.email = subject.email }
    ) { request throws(RPCError) in
      try await gateway.identity.findColleague(request, officer.options)
    }
    let request = try await completed(
      create(.access, of: found.personID, officer), officer)
    let (archive, keys) = try await fetch(request, officer)
    transcript.say("Saved \(archive) and \(keys); checking it offline:")
    guard let bytes = FileManager.default.contents(atPath: archive) else {
      throw CleanFailure("\(archive) cannot be read")
    }
    let verified = try SignedArchive.verify([UInt8](bytes), keys: ArchiveKeys.read(keys))
    for file in verified.manifest.files {
      transcript.say("  \(file.path)  \(file.bytes) bytes")
    }
    transcript.say("Genuine. Again at any time: ikso verify \(archive) --keys \(keys)")
  }

  private func fetch(
    _ request: PrivacyPrivacyRequest, _ officer: Person
  ) async throws -> (archive: String, keys: String) {
    transcript.show("-> PrivacyService.FetchArchive {\"requestId\":\"\(request.requestID)\"}")
    var bytes = Data()
    let chunks = try await gateway.privacy.fetchArchive(
      .with { $0.requestID = request.requestID }, officer.options)
    for try await chunk in chunks { bytes.append(chunk.data) }
    transcript.show("<- \(bytes.count) bytes")
    let published = try await transcript.call(
      "PrivacyService.GetArchiveKeys", PrivacyGetArchiveKeysRequest()
    ) { request throws(RPCError) in try await gateway.privacy.getArchiveKeys(request) }
    let folder = URL(filePath: folder ?? defaultFolder(request))
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let archive = folder.appending(path: "archive.tar")
    let keys = folder.appending(path: "keys.json")
    try bytes.write(to: archive)
    try ArchiveKeys.write(
      published.keys.map { ($0.keyID, [UInt8]($0.publicKey)) }, to: keys.path)
    return (archive.path, keys.path)
  }

  /// In the system's own folder if it is known, so that a walk leaves nothing else behind.
  private func defaultFolder(_ request: PrivacyPrivacyRequest) -> String {
    let name = "tour-\(request.requestID.prefix(8))"
    let state = ProcessInfo.processInfo.environment["IKSO_STATE"]
    return state.map { "\($0)/\(name)" } ?? "ikso-\(name)"
  }

  /// The officer who asks cannot approve it: the deputy does.
  func requestErasure(
    _ officer: Person, approvedBy deputy: Person, of subject: Person
  ) async throws {
    let made = try await create(.erasure, of: subject.id, officer)
    let approval = PrivacyApproveRequestRequest.with { $0.requestID = made.requestID }
    try await transcript.refused(
      "RequestService.ApproveRequest", approval, with: .failedPrecondition
    ) { request throws(RPCError) in
      try await gateway.requests.approveRequest(request, officer.options)
    }
    let approved = try await transcript.call("RequestService.ApproveRequest", approval) {
      request throws(RPCError) in
      try await gateway.requests.approveRequest(request, deputy.options)
    }
    let request = try await completed(approved, officer)
    for step in request.steps {
      let erased = step.rows.map { "\($0.table) \($0.rows)" }.joined(separator: ", ")
      transcript.say("\(step.service): erased \(erased.isEmpty ? "nothing" : erased)")
      let found = step.found.reduce(0) { $0 + $1.rows }
      transcript.say("  found by a scan of \(step.found.count) tables: \(found) rows")
    }
    try await transcript.refused(
      "IdentityService.Login", walk.loginRequest(subject), with: .unauthenticated
    ) { request throws(RPCError) in try await gateway.identity.login(request) }
    try await transcript.refused(
      "IdentityService.FindColleague",
      IdentityFindColleagueRequest.with { $0.email = subject.email }, with: .notFound
    ) { request throws(RPCError) in
      try await gateway.identity.findColleague(request, officer.options)
    }
  }

  private func create(
    _ kind: PrivacyRequestKind, of subject: String, _ officer: Person
  ) async throws -> PrivacyPrivacyRequest {
    let request = try await transcript.call(
      "PrivacyService.CreateRequest",
      PrivacyCreateRequestRequest.with {
        $0.kind = kind
        $0.subjectID = subject
      }
    ) { request throws(RPCError) in
      try await gateway.privacy.createRequest(request, officer.options)
    }
    return request
  }

  /// The request as it is when it was carried out, as its stream tells.
  private func completed(
    _ request: PrivacyPrivacyRequest, _ officer: Person
  ) async throws -> PrivacyPrivacyRequest {
    transcript.show("-> RequestService.WatchRequest {\"requestId\":\"\(request.requestID)\"}")
    var last = request
    for try await next in try await gateway.requests.watchRequest(
      .with { $0.requestID = request.requestID }, officer.options)
    {
      last = next
      transcript.show("<- \(next.state), \(next.steps.filter(\.done).count) steps done")
    }
    guard last.state == .completed else {
      throw CleanFailure("the request is not completed: \(Transcript.render(last))")
    }
    return last
  }
}
