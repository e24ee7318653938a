/// The mail that brings an outsider the one-time link. Topic and question stay behind the link.
package struct GuestMail: Sendable, Equatable {
  package let subject: String
  package let body: String

  /// `base` is the configured address of the web application, without a slash at its end.
  package init(
    outsider: String, asker: String, organisation: String, code: GuestCode, base: String
  ) {
    subject = "\(asker) asks for your feedback"
    body = """
      Dear \(outsider),

      \(asker) of \(organisation) asks for your feedback. You need no account; this link
      shows what is asked and what happens with your answer:

      \(base)/feedback#\(code.text)

      Code: \(code.text)

      The link can be used once and expires after 30 days. If you would rather not answer,
      just ignore this message.

      """
  }
}
