/// The files that a walk uses when the user gives none. Example people live at example.org.
enum Samples {
  static let statement = """
    ## What we do with your feedback

    You decide whom you ask for feedback, and you alone read the answers. Your goals are yours.

    ## How long we keep it

    As long as your organisation works with IKSO, and one month after that.

    ## Your rights

    Ask our privacy officer to see, correct or erase what is kept about you: within four weeks you
    have an answer.
    """

  static let participants = """
    name,email,role\r
    Noor de Vries,noor@example.org,participant\r
    "Bakker, Sem",sem@example.org,participant\r
    Zoë Jansen,zoe@example.org,coach\r
    Ümit Demir,umit@example.org,manager\r

    """

  static let otherParticipants = """
    name,email,role\r
    Ines Moreau,ines@example.net,participant\r

    """
}
