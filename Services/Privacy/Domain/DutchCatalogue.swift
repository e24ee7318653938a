/// What the catalogues of purposes and activities say, in Dutch.
extension StatementWording {
  static let dutchCatalogue: [String: String] = [
    // Purposes.
    "inviting you and keeping your account": "u uitnodigen en uw account bijhouden",
    "letting you, and nobody else, sign in": "u, en niemand anders, laten inloggen",
    "asking for feedback, giving it and reading it": "feedback vragen, geven en lezen",
    "setting development goals and following them": "ontwikkeldoelen stellen en volgen",
    "telling you what happens with your data, and remembering that you were told":
      "u vertellen wat er met uw gegevens gebeurt, en onthouden dat dit u verteld is",
    "answering requests about your data": "verzoeken over uw gegevens beantwoorden",
    "keeping the service running and safe": "de dienst in bedrijf en veilig houden",
    "naming you in reports to your organisation, if it has instructed that":
      "u bij naam noemen in rapportages aan uw organisatie, als die dat heeft opgedragen",
    "showing your information to others, if you consent":
      "uw gegevens aan anderen tonen, als u daarin toestemt",
    // Activities.
    "inviting people, keeping their accounts and enrolling them in programmes":
      "mensen uitnodigen, hun accounts bijhouden en ze inschrijven voor programma's",
    "letting people, and nobody else, sign in": "mensen, en niemand anders, laten inloggen",
    "telling people what happens with their data, and remembering that they know":
      "mensen vertellen wat er met hun gegevens gebeurt, en onthouden dat zij dat weten",
    "answering requests about data, consents and objections":
      "verzoeken over gegevens, toestemmingen en bezwaren beantwoorden",
    "opening online learning paths to those who take part in a programme":
      "online leerpaden openstellen voor wie aan een programma deelneemt",
    "showing participants' information to others":
      "gegevens van deelnemers aan anderen tonen",
    "reports to the organisation, of groups and without names":
      "rapportages aan de organisatie, van groepen en zonder namen",
    "reports to the organisation with names": "rapportages aan de organisatie met namen",
    "analyses to improve the service, of groups and never of single persons":
      "analyses om de dienst te verbeteren, van groepen en nooit van enkele personen",
    "complying with laws and demands of authorities":
      "wetten en vorderingen van instanties nakomen",
    "disputes, accountants' audits and legal duties":
      "geschillen, controles door accountants en wettelijke plichten",
    "handling data leaks and complaints": "datalekken en klachten behandelen",
    // Grounds.
    "consent (Art. 6(1)(a))": "toestemming (art. 6 lid 1 onder a AVG)",
    "contract (Art. 6(1)(b))": "overeenkomst (art. 6 lid 1 onder b AVG)",
    "legal duty (Art. 6(1)(c))": "wettelijke plicht (art. 6 lid 1 onder c AVG)",
    "legitimate interest (Art. 6(1)(f))": "gerechtvaardigd belang (art. 6 lid 1 onder f AVG)",
    // Readers.
    "the organisation's administrators": "de beheerders van de organisatie",
    "the person who asked": "degene die het vroeg",
    "the organisation's Authorised Person": "de bevoegde persoon van de organisatie",
    "the person": "de persoon zelf",
    "the organisation": "de organisatie",
    "affected organisations": "getroffen organisaties",
    "the supervisory authority": "de toezichthouder",
    "the authority": "de instantie",
    "accountants": "controlerende accountants",
    "courts": "rechters",
    "who the consent names": "wie in de toestemming staat",
    // Terms that no retention rule has.
    "sessions until they end, the log of sign-ins 400 days":
      "sessies tot ze eindigen, het logboek van inloggen 400 dagen",
    "until the consent is withdrawn": "tot de toestemming wordt ingetrokken",
    "no longer than the analysis: nothing personal is left":
      "niet langer dan de analyse: er blijft niets persoonlijks over",
    "logs as configured; queues until delivered, 30 days at most":
      "logboeken zoals ingesteld; wachtrijen tot de bezorging, hooguit 30 dagen",
    "what it concerns until it has ended": "wat erbij betrokken is tot het is afgelopen",
    // Data, and why.
    "name": "naam",
    "colleagues know you by it": "collega's kennen u daaraan",
    "e-mail address": "e-mailadres",
    "you are invited by it": "u wordt daarmee uitgenodigd",
    "rights": "rechten",
    "they decide what you see": "ze bepalen wat u ziet",
    "manager": "leidinggevende",
    "for organisations that follow development with managers":
      "voor organisaties die ontwikkeling met leidinggevenden volgen",
    "programmes": "programma's",
    "for what your organisation enrols you in": "voor waar uw organisatie u voor inschrijft",
    "you sign in with it": "u logt daarmee in",
    "password, as a hash": "wachtwoord, als hash",
    "nobody else can sign in as you": "niemand anders kan als u inloggen",
    "sessions": "sessies",
    "you stay signed in, and can end it anywhere":
      "u blijft ingelogd, en kunt dat overal beëindigen",
    "second factor": "tweede factor",
    "it protects you further; some rights need it":
      "die beschermt u extra; voor sommige rechten is die nodig",
    "remembered devices": "onthouden apparaten",
    "so that you are not asked for the second factor there":
      "zodat u daar niet om de tweede factor wordt gevraagd",
    "your questions": "uw vragen",
    "you decide whom you ask and what": "u bepaalt wie u wat vraagt",
    "feedback": "feedback",
    "you decide whether you give it": "u bepaalt of u die geeft",
    "name and e-mail address of an outsider": "naam en e-mailadres van een buitenstaander",
    "without them nobody can be asked": "zonder die kan niemand iets worden gevraagd",
    "goals": "doelen",
    "you decide what you set yourself": "u bepaalt wat u zich voorneemt",
    "check-ins and evaluations": "voortgang en evaluaties",
    "you decide what you write down": "u bepaalt wat u opschrijft",
    "which statement you accepted, and when": "welke verklaring u hebt aanvaard, en wanneer",
    "nobody is let in uninformed": "niemand komt zonder uitleg binnen",
    "the request and its answer": "het verzoek en het antwoord daarop",
    "without them it cannot be answered": "zonder die kan er geen antwoord komen",
    "consents, withdrawals and objections": "toestemmingen, intrekkingen en bezwaren",
    "you decide on them": "u beslist daarover",
    "learning paths of your programmes": "leerpaden van uw programma's",
    "they end with the programme": "ze eindigen met het programma",
    "what you consent to": "waarin u toestemt",
    "nothing is shown without": "zonder toestemming wordt niets getoond",
    "counts over groups": "aantallen over groepen",
    "they are what is analysed": "die worden geanalyseerd",
    "what the demand names": "wat in de vordering staat",
    "what the dispute or audit concerns": "wat bij het geschil of de controle betrokken is",
    "counts": "aantallen",
    "they are the report": "die zijn de rapportage",
    "names": "namen",
    "for a report with names, if your organisation has instructed that":
      "voor een rapportage met namen, als uw organisatie dat heeft opgedragen",
    "pseudonyms in logs and queues": "pseudoniemen in logboeken en wachtrijen",
    "faults and misuse are found by them": "storingen en misbruik worden daarmee gevonden",
    "the report and its handling": "de melding en de behandeling ervan",
    "the law asks for it": "de wet vraagt erom",
  ]
}
