package import FoundationEssentials

/// What a service holds about people, for the privacy service.
package protocol SubjectHolder: Sendable {
  /// Gives `send` a record for each row about the person: texts opened, secrets left out.
  func export(_ subject: Subject, _ send: (SubjectRecord) async throws -> Void) async throws

  /// Deletes what is the person's and destroys their key; a repetition finds nothing.
  /// - Returns: the rows of each table, also where there were none; with those that earlier calls
  ///   for the same request have deleted.
  func erase(_ subject: Subject) async throws -> [ErasedRows]
}

/// The person who is asked about, and the mandate of the call.
package struct Subject: Sendable, Hashable {
  package let mandate: Mandate
  package let person: UUID
  /// Who asks for it.
  package let orderedBy: OrderedBy
  /// What it is for: an erasure counts by it.
  package let request: UUID?

  package init(_ mandate: Mandate, person: UUID, orderedBy: OrderedBy, request: UUID? = nil) {
    self.mandate = mandate
    self.person = person
    self.orderedBy = orderedBy
    self.request = request
  }

  package var tenant: UUID { mandate.tenant }
}

/// One row about a person.
package struct SubjectRecord: Sendable, Equatable {
  package var table: String
  package var id: String
  package var fields: [Field]

  package init(table: String, id: String, fields: [Field]) {
    self.table = table
    self.id = id
    self.fields = fields
  }

  package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  package struct Field: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }

    /// In UTC, with milliseconds: 2026-11-23T08:15:00.250Z.
    package init(name: String, time: Date) {
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
      self.init(name: name, value: time.formatted(style))
    }
  }
}

/// How many rows of a table an erasure found.
package struct ErasedRows: Sendable, Equatable {
  package var table: String
  package var rows: Int

  package init(table: String, rows: Int) {
    self.table = table
    self.rows = rows
  }
}
