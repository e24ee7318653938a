import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func createProgramme(
    _ request: IdentityCreateProgrammeRequest, _ call: Call
  ) async throws -> IdentityProgramme {
    let tenant = try call.tenant()
    let programme = try Programme(request, id: UUID())
    let organisation = try await activeOrganisation(tenant, call)
    guard programme.end >= organisation.today(now()) else {
      throw IdentityError.field(.endsOn, .past)
    }
    try await database.once(call.mandate(tenant), .programmeInsert(tenant, programme, at: now()))
    return IdentityProgramme(programme)
  }
}

extension Programme {
  fileprivate init(
    _ request: IdentityCreateProgrammeRequest, id: UUID
  ) throws(IdentityError) {
    let name = try RequestField.name.check { () throws(FieldProblem) in
      try ProgrammeName(request.name)
    }
    let period = try Period(
      begin: (.beginsOn, request.beginsOn), end: (.endsOn, request.endsOn))
    guard let end = period.end else { throw .field(.endsOn, .empty) }
    guard let kind = Kind(request.kind) else { throw .field(.kind, .unknownValue) }
    guard request.learningPaths.count <= Self.learningPathLimit else {
      throw .field(.learningPaths, .tooMany(limit: Self.learningPathLimit))
    }
    var paths: [LearningPath] = []
    for text in request.learningPaths {
      paths.append(
        try RequestField.learningPaths.check { () throws(FieldProblem) in
          try LearningPath(text)
        })
    }
    self.init(
      id: id, name: name, kind: kind, begin: period.begin, end: end, learningPaths: paths)
  }
}

extension Programme.Kind {
  fileprivate init?(_ kind: IdentityProgrammeKind) {
    switch kind {
    case .training: self = .training
    case .coaching: self = .coaching
    case .assessment: self = .assessment
    case .scan: self = .scan
    case .project: self = .project
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }
}

extension IdentityProgramme {
  init(_ programme: Programme) {
    self = .with {
      $0.programmeID = programme.id.canonical
      $0.name = programme.name.text
      $0.kind =
        switch programme.kind {
        case .training: .training
        case .coaching: .coaching
        case .assessment: .assessment
        case .scan: .scan
        case .project: .project
        }
      $0.beginsOn = programme.begin.description
      $0.endsOn = programme.end.description
      $0.learningPaths = programme.learningPaths.map(\.text)
    }
  }
}
