/// What a service found when it tried to get through the wall between its tenants (clause 23).
package struct SelfTestReport: SignedContent, Equatable {
  package struct Attempt: Codable, Sendable, Equatable {
    /// A table, a schema, an object of the catalogue or a method.
    package var subject: String
    package var attempt: String
    /// Nil if the wall held.
    package var breach: String?

    package init(subject: String, attempt: String, breach: String?) {
      self.subject = subject
      self.attempt = attempt
      self.breach = breach
    }
  }

  package var format: String = SelfTestReport.format
  package var service: String
  /// ISO 8601 with time zone.
  package var finishedAt: String
  /// By the service itself, on its tables.
  package var tables: [Attempt]
  /// Over the wire, as the tool of an operator has reported it to the service.
  package var methods: [Attempt]

  package static let format = "ikso-self-test/1"

  package init(service: String, finishedAt: String, tables: [Attempt], methods: [Attempt]) {
    self.service = service
    self.finishedAt = finishedAt
    self.tables = tables
    self.methods = methods
  }

  package var attempts: Int { tables.count + methods.count }
  package var breaches: [Attempt] { (tables + methods).filter { $0.breach != nil } }
  package var passed: Bool { !tables.isEmpty && breaches.isEmpty }
}
