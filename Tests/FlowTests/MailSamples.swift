import Foundation
import Schemas
import SwiftProtobuf

/// Of mail that was given up.
extension Samples {
  static let mails = Dictionary(
    uniqueKeysWithValues: ["Identity", "Feedback"].flatMap { name in
      [
        (
          "ListDeadMail",
          MethodSample(.notFound, namesOrganisation: true) { targets in
            MailListDeadMailRequest.with { $0.organisationID = targets.organisation }
          }
        ),
        (
          "RetryMail",
          MethodSample(.notFound, namesOrganisation: true) { targets in
            MailRetryMailRequest.with {
              $0.organisationID = targets.organisation
              $0.mailID = UUID().uuidString
            }
          }
        ),
      ].map { ("ikso.mail.v1.\(name)MailService/\($0.0)", $0.1) }
    })
}
