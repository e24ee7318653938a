import Foundation
import Schemas
import SwiftProtobuf

/// Of mail: what was given up, notices, the newsletter.
extension Samples {
  static let mails = deadMails.merging(notices) { $1 }.merging(newsletter) { $1 }

  private static let notices = [
    "ikso.notice.v1.NoticeService/SendNotice": MethodSample(.notFound) { targets in
      NoticeSendNoticeRequest.with {
        $0.noticeID = UUID().uuidString
        $0.organisationID = targets.organisation
        $0.audience = .everyone
        $0.kind = .statement
      }
    }
  ]

  private static let newsletter = named(
    "ikso.privacy.v1.NewsletterService",
    [
      // Whoever subscribes names nothing that is anybody's.
      "Subscribe": MethodSample(.codeIsTheRight) { targets in
        PrivacySubscribeRequest.with {
          $0.email = targets.email
          $0.language = .dutch
        }
      },
      "ConfirmSubscription": MethodSample(.codeIsTheRight) { targets in
        PrivacyConfirmSubscriptionRequest.with { $0.code = targets.invitationCode }
      },
      "Unsubscribe": MethodSample(.codeIsTheRight) { targets in
        PrivacyUnsubscribeRequest.with { $0.code = targets.invitationCode }
      },
      "SendNewsletter": MethodSample(.operatorsOnly) { _ in
        PrivacySendNewsletterRequest.with {
          $0.language = .english
          $0.subject = "Nothing"
          $0.parts = [.with { $0.text = "Nothing" }]
        }
      },
      "ListNewsletters": MethodSample(.operatorsOnly) { _ in PrivacyListNewslettersRequest() },
    ])

  private static let deadMails = Dictionary(
    uniqueKeysWithValues: ["Identity", "Feedback", "Privacy"].flatMap { name in
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
