# The portal's sentences in German. Not yet reviewed by a speaker.

# The form
new-ticket-title = Hilfe anfordern
new-ticket-reporting-as = Anfrage von { $person } für { $asset }
new-ticket-description = Was funktioniert nicht?
new-ticket-description-hint = Ein oder zwei Sätze genügen. Die Angaben zu diesem Computer werden von selbst mitgeschickt.
new-ticket-urgency = Wie dringend ist es?
new-ticket-urgency-low = Es hat Zeit
new-ticket-urgency-normal = Es behindert mich bei der Arbeit
new-ticket-urgency-high = Ich kann nicht arbeiten
new-ticket-phone = Telefonnummer für Rückfragen (freiwillig)
new-ticket-not-you = Sind Sie das nicht?
new-ticket-unverified-name = Ihr Name
new-ticket-unverified-name-hint = { $provider } sieht diesen Namen bei Ihrer Anfrage. Bitte geben Sie auch eine Telefonnummer an.
new-ticket-files = Dateien oder Bildschirmfotos (freiwillig)
new-ticket-files-hint =
    { $files ->
        [one] Eine Datei mit höchstens { $megabytes } MB.
       *[other] Bis zu { $files } Dateien mit je höchstens { $megabytes } MB.
    }
new-ticket-files-paste = Sie können ein Bildschirmfoto auch an beliebiger Stelle auf dieser Seite einfügen.
new-ticket-facts = Was { $provider } über diesen Computer erfährt
new-ticket-send = Absenden
new-ticket-other-window = Dieser Browser wurde inzwischen für { $asset } geöffnet. Bitte prüfen Sie den Namen oben und senden Sie noch einmal ab.

# What is wrong with the form
error-summary = Noch nicht abgesendet. Bitte korrigieren Sie, was unten markiert ist.
error-not-stored = Bei uns ist etwas schiefgegangen: Ihre Eingabe wurde nicht gespeichert. Was Sie geschrieben haben, ist noch da; bitte senden Sie es in einer Minute noch einmal ab. Wenn das so bleibt, sagen Sie { $provider } Bescheid.
error-description-missing = Bitte schreiben Sie, was nicht funktioniert.
error-too-long =
    { $limit ->
        [one] Das ist länger als ein Zeichen. Bitte kürzen Sie es.
       *[other] Das ist länger als { NUMBER($limit) } Zeichen. Bitte kürzen Sie es.
    }
error-files-too-many =
    { $limit ->
        [one] Das ist mehr als eine Datei.
       *[other] Das sind mehr als { $limit } Dateien.
    }
error-file-too-large = { $name } ist größer als { $megabytes } MB.
error-files-hour =
    { $limit ->
        [one] Von diesem Computer kann nicht mehr als eine Datei pro Stunde gesendet werden. Bitte senden Sie ohne Dateien oder später.
       *[other] Von diesem Computer können nicht mehr als { $limit } Dateien pro Stunde gesendet werden. Bitte senden Sie ohne Dateien oder später.
    }
error-files-choose-again = Bitte wählen Sie Ihre Dateien noch einmal aus: Browser behalten sie nicht, während ein Formular korrigiert wird.

# The computer's facts
fact-computer = Computer
fact-serial = Seriennummer
fact-model = Modell
fact-os = System
fact-processor = Prozessor
fact-memory = Arbeitsspeicher
fact-memory-gigabytes = { NUMBER($gigabytes) } GB
fact-addresses = Netzwerkadressen
fact-user = Angemeldet als
fact-agent = Agent

# The receipt
receipt-title = Ticket { $number } wurde gesendet
receipt-thanks = Vielen Dank, { $person }. { $provider } hat Ihre Anfrage erhalten und weiß, dass es um { $asset } geht.
receipt-thanks-unverified = Vielen Dank. { $provider } hat Ihre Anfrage erhalten und weiß, dass es um { $asset } geht.
receipt-unverified-name = Angegebener Name (nicht geprüft)
receipt-files = Dateien
receipt-reply = { $provider } antwortet
receipt-file-size = { NUMBER($kilobytes) } KB
receipt-number = Ihre Ticketnummer
receipt-wrote = Was Sie geschrieben haben
receipt-again = Weitere Anfrage senden

# Pages that say why not
sorry-title = Das geht noch nicht
sorry-whom-to-ask = Bitte wenden Sie sich an { $provider }:
sorry-phone = Telefon
sorry-email = E-Mail
refusal-no_end_user = Dem Computer { $asset } ist niemand zugeordnet. Deshalb weiß { $provider } nicht, wer anfragt.
refusal-not_a_portal_user = { $person } hat noch keinen Zugang zum Portal.
refusal-deactivated = Der Portalzugang von { $person } wurde abgeschaltet.
refusal-not_permitted = Mit dem Konto von { $person } werden keine Anfragen von einem Computer gesendet.
refusal-portal_not_published = Das Portal von { $provider } ist noch nicht geöffnet.
refusal-asset_retired = Der Computer { $asset } wird nicht mehr von { $provider } betreut.
again-title = Bitte öffnen Sie die Seite noch einmal über das Symbol neben der Uhr
again-text = Zu Ihrer Sicherheit funktioniert diese Seite nach einem Klick nur kurze Zeit und nur einmal. Klicken Sie auf das Symbol neben der Uhr und wählen Sie das Portal noch einmal.
again-typed = Was Sie geschrieben haben, bleibt erhalten: Es steht im Formular, wenn Sie es mit diesem Browser wieder öffnen. Hier steht es auch zum Kopieren:
tray-only-title = Bitte benutzen Sie das Symbol neben der Uhr
tray-only-text = Sie erreichen { $provider } über das Symbol neben der Uhr Ihres Computers. Klicken Sie darauf und wählen Sie das Portal.
not-found-title = Hier ist nichts
not-found-text = Vielleicht ist die Adresse falsch geschrieben, oder was hier war, gibt es nicht mehr.
failed-title = Bei uns ist etwas schiefgegangen
failed-text = Was Sie getan haben, wurde nicht gespeichert. Bitte versuchen Sie es in einer Minute noch einmal. Wenn das so bleibt, nennen Sie { $provider } diese Nummer: { $request }
refused-form-title = Dieses Formular konnte nicht angenommen werden
refused-form-text = Es kam nicht von einer Seite dieses Portals. Bitte öffnen Sie das Portal noch einmal über das Symbol neben der Uhr.
too-large-title = Das ist zu viel auf einmal
too-large-text = Was Sie gesendet haben, ist größer, als dieses Formular annimmt. Bitte gehen Sie zurück und kürzen Sie es.
unknown-host = Unter dieser Adresse gibt es hier kein Portal.

# Signing in
sign-in-title = Anmelden
sign-in-name = Anmeldename oder E-Mail-Adresse
sign-in-password = Passwort
sign-in-button = Anmelden
sign-in-wrong = Name oder Passwort ist falsch.
sign-in-too-many = Das waren zu viele falsche Versuche. Bitte warten Sie eine Viertelstunde.
sign-in-other-ways = Kein Passwort zur Hand?
sign-in-email = Ihre E-Mail-Adresse
sign-in-mail-link = Link zum Anmelden zuschicken
sign-in-mail-reset = Link für ein neues Passwort zuschicken
sign-in-staff = Arbeiten Sie bei { $provider }?
sign-in-staff-link = An der Konsole anmelden
sign-out = Abmelden
visitor-navigation = Portal
not-published-title = Das Portal ist noch nicht eingerichtet
not-published-text = { $provider } hat es noch nicht geöffnet. Sie erreichen uns über das Symbol neben der Uhr Ihres Computers.
link-mailed-title = Sehen Sie in Ihr Postfach
link-mailed-text = Wenn diese Adresse jemandem gehört, der sich hier anmelden kann, ist eine E-Mail mit einem Link unterwegs. Er funktioniert einmal und nur kurze Zeit.
link-over-title = Dieser Link funktioniert nicht mehr
link-over-text = Er wurde schon benutzt, seine Zeit ist abgelaufen, oder Ihr Zugang wurde abgeschaltet. Bitte fordern Sie einen neuen an.
link-which-account = Welches Konto?
link-account = Ihr Anmeldename: { $name }
link-sign-in-title = Anmelden
link-sign-in-text = Weiter zum Portal von { $provider }.
link-sign-in-button = Anmelden
link-reset-title = Ein neues Passwort
link-reset-text = Legen Sie ein neues Passwort für das Portal von { $provider } fest. An allen anderen Stellen werden Sie abgemeldet.
link-reset-button = Festlegen und anmelden
invitation-title = Willkommen
invitation-text = Legen Sie ein Passwort für das Portal von { $provider } fest.
invitation-button = Zum Portal
password-old = Bisheriges Passwort
password-new = Neues Passwort
password-hint =
    { $shortest ->
        [one] Mindestens ein Zeichen; gut sind einige Wörter, die Sie sich merken können.
       *[other] Mindestens { $shortest } Zeichen; gut sind einige Wörter, die Sie sich merken können.
    }
password-refused =
    { $shortest ->
        [one] Dieses Passwort ist nicht möglich: Es braucht mindestens ein Zeichen und darf weder aus einem einzigen wiederholten Zeichen bestehen noch Ihre Adresse enthalten.
       *[other] Dieses Passwort ist nicht möglich: Es braucht mindestens { $shortest } Zeichen und darf weder aus einem einzigen wiederholten Zeichen bestehen noch Ihre Adresse enthalten.
    }
password-old-wrong = Das bisherige Passwort ist falsch.
password-change = Passwort ändern

# Behind the sign-in
no-access-title = Das ist für Ihr Konto nicht vorgesehen
no-access-text = Ihr Konto sieht keine Tickets. Falls es das sollte, wenden Sie sich bitte an { $provider }.
home-title = Meine Anfragen
home-empty = Es gibt noch keine Anfrage.
home-older = Ältere
ticket-title = Ticket { $number }
ticket-status = Status
ticket-status-new = Neu
ticket-status-open = In Bearbeitung
ticket-status-waiting = Wartet auf eine Antwort
ticket-status-resolved = Gelöst
ticket-status-closed = Geschlossen
ticket-since = Gesendet
ticket-wrote = Was geschrieben wurde
account-title = Mein Konto
sessions-title = Wo Sie angemeldet sind
session-this = dieser Browser
session-end = Beenden
home-this-computer = Ein Problem mit diesem Computer melden, { $asset }
home-unseen = Was Sie senden, erreicht { $provider }. Frühere Anfragen werden hier nicht angezeigt.
no-sending-title = Das ist für Ihr Konto nicht vorgesehen
no-sending-text = Mit Ihrem Konto werden hier keine Anfragen gesendet. Falls das möglich sein sollte, wenden Sie sich bitte an { $provider }.
portal-ticket-description-hint = Ein oder zwei Sätze genügen.
portal-ticket-computer = Welcher Computer?
portal-ticket-no-computer = Keiner von meinen
portal-ticket-for-whom = Für wen? (freiwillig)
portal-ticket-for-whom-hint = Name oder E-Mail-Adresse einer Person aus Ihrer Organisation, falls die Anfrage nicht für Sie ist.
portal-ticket-unverified-email = Ihre E-Mail-Adresse (freiwillig)
portal-ticket-who-sees-it = Wer kann sie sehen?
portal-ticket-confidential = Vor den anderen in meiner Organisation verbergen
portal-ticket-people = Personen, die sie ebenfalls sehen dürfen
portal-ticket-people-hint = Namen oder E-Mail-Adressen von Personen aus Ihrer Organisation, je eine Zeile.
portal-ticket-other-window = In diesem Browser hat sich inzwischen jemand anderes angemeldet. Bitte prüfen Sie den Namen oben und senden Sie noch einmal ab.
error-email = Das ist keine E-Mail-Adresse.
error-name-missing = Bitte schreiben Sie Ihren Namen.
error-only-for-yourself = Sie können nur eigene Anfragen senden.
error-nobody-called = In Ihrer Organisation heißt niemand { $name } oder hat diese Adresse.
error-several-called = Mehrere Personen heißen { $name }. Bitte schreiben Sie die E-Mail-Adresse.
error-too-many-people =
    { $limit ->
        [one] Höchstens eine Person kann hinzugefügt werden.
       *[other] Höchstens { $limit } Personen können hinzugefügt werden.
    }
error-not-their-computer = Das ist kein Computer der Person, für die die Anfrage ist.
not-sent-title = Das wurde nicht gesendet
not-sent-text = Sie sind nicht mehr im Portal oder dürfen von hier nichts senden. Bitte melden Sie sich noch einmal an.
not-sent-typed = Was Sie geschrieben haben, zum Kopieren:

# The link of an organization, and the staff's view
switch-title = Zu { $organization } wechseln
switch-text = Dieser Browser ist als { $before } im Portal. Das geht nur mit einem Konto auf einmal.
switch-button = Zu { $organization } wechseln
switch-stay = Als { $before } bleiben
staff-view = Ansicht für Mitarbeiter: Das sieht { $organization }. Von hier kann nichts gesendet werden.
tray-form-only-title = Bitte benutzen Sie das Symbol neben der Uhr
tray-form-only-text = { $provider } nimmt Anfragen über das Symbol neben der Uhr Ihres Computers an. Klicken Sie darauf und wählen Sie das Portal.

# Signing up
sign-up-title = Registrieren
sign-up-text = Wenn Sie { $provider } schon einmal um Hilfe gebeten haben, können Sie sich mit derselben E-Mail-Adresse ein Konto anlegen.
sign-up-button = Link zuschicken
sign-up-mailed-title = Sehen Sie in Ihr Postfach
sign-up-mailed-text = Wenn von dieser Adresse schon einmal eine Bitte um Hilfe an { $provider } kam, ist eine E-Mail mit einem Link unterwegs. Er funktioniert einmal und nur kurze Zeit.
stay-signed-in = Auf diesem Computer 30 Tage angemeldet bleiben
session-stays = bleibt angemeldet
billing-title = Abrechnung
billing-empty = Hier ist noch nichts.
billing-kind-invoice = Rechnung
billing-kind-estimate = Kostenvoranschlag
billing-kind-statement = Kontoauszug
billing-kind-credit = Gutschrift
no-billing-title = Das ist für Ihr Konto nicht vorgesehen
no-billing-text = Ihr Konto sieht nicht, was berechnet wird. Falls es das sollte, wenden Sie sich bitte an { $provider }.

# In the mail that brings the MSP a ticket
mail-unverified-subject = von einer nicht geprüften Person
mail-unverified-by-link = Jemand hat über den Link der Organisation geschrieben. Was geschrieben wurde, steht nur in der Konsole.
mail-unverified-from-computer = Jemand hat von diesem Computer unter einem Namen geschrieben, den niemand geprüft hat. Was geschrieben wurde, steht nur in der Konsole.

# What the link to the portal reads in mails
mail-online-profile = Online-Profil
mail-online-profile-payment = Online-Profil: Zahlungsdaten ändern

# Where the two mails about a payment lead while the MSP has set no address
payment-title = Ihre Zahlungsdaten
payment-text = { $provider } hat dafür noch keine Seite. Bitte fragen Sie, wie Sie Ihre Karte ändern oder bezahlen können.

# A day, and a moment
date = { $day }.{ $month }.{ $year }
moment = { $date }, { $time } UTC

language = Sprache
language-choose = Ändern
no-portal-here = Unter dieser Adresse gibt es kein Portal. Prüfen Sie die Schreibweise, oder fragen Sie die Person, von der Sie die Adresse haben.
sample-subject = Der Drucker druckt nicht

error-too-many-names = In Ihrer Organisation hat niemand mehrere der Namen, die Sie geschrieben haben. Bitte lassen Sie das Feld leer, oder versuchen Sie es in einer Viertelstunde noch einmal.
link-too-many-title = Bitte kommen Sie später wieder
link-too-many-text = Dieser Link wurde gerade sehr oft geöffnet. Bitte versuchen Sie es in einer Viertelstunde noch einmal. Wenn es dringend ist, rufen Sie { $provider } an.
error-sent-too-often = Das wurde nicht gesendet: Über diesen Link kamen gerade sehr viele Anfragen. Was Sie geschrieben haben, steht noch hier; bitte senden Sie es in einer Viertelstunde noch einmal. Wenn es dringend ist, rufen Sie { $provider } an.

# Artikel
articles-title = Artikel
articles-empty = Hier gibt es noch nichts zu lesen.
articles-may-help = Das hilft vielleicht sofort:
# Words that are in any text, so that they say nothing of what it is about.
articles-common-words = aber alle allem allen aller alles als also auch auf aus bei beim bin bis bitte damit dann das dass dem den denn der des deshalb die dies diese diesem diesen dieser dieses doch dort durch ein eine einem einen einer eines erst etwas euch für geht gerade hab habe haben hallo hat hier hilfe ich ihm ihn ihnen ihr ihre immer ist jetzt kann kein keine keinen kommt können leider mal man mehr mein meine meinem meinen meiner mich mir mit nach nicht nichts noch nun nur oder ohne problem schon sehr sein seit seite sich sie sind soll über und uns unter vom von vor wann war warum was weil wenn wer werden wie wieder wir wird wurde zum zur zwar
article-changed = Geändert am { $day }
article-all = Alle Artikel
search-label = Suche
search-button = Suchen
search-nothing = Zu { $search } wurde nichts gefunden.
search-more = Mehr

# Anfragen im Portal
ticket-history = Was geschehen ist
ticket-colleague = Jemand aus Ihrer Organisation
ticket-answer = Ihre Antwort
ticket-answer-reopens = Eine Antwort öffnet diese Anfrage wieder.
ticket-close = Diese Anfrage schließen
ticket-reopen = Wieder öffnen
error-answer-missing = Bitte schreiben Sie Ihre Antwort.
ticket-status-unresolved = Noch nicht erledigt
ticket-status-done = Erledigt
home-search = In Ihren Anfragen suchen
home-any-status = Beliebig
home-whose = Von wem
home-of-all = Von allen
home-of-me = Von mir
home-nothing = Keine Anfrage ist so.

# Computer und Angaben
computers-title = Computer
computers-search = Name oder Person
computers-empty = Ihnen ist kein Computer zugeordnet.
computers-report = Problem mit { $asset } melden
details-name = Ihr Name
details-phone = Ihre Telefonnummer (optional)
details-save = Speichern
error-phone = Das ist keine Telefonnummer.
community-title = Community

new-ticket-department = Wer soll sich darum kümmern?
mail-answer-above = Bitte schreiben Sie Ihre Antwort über diese Zeile.
mail-unverified-by-mail = Jemand hat per E-Mail von einer Adresse geschrieben, die niemand geprüft hat. Was geschrieben wurde, steht nur in der Konsole.
mail-unverified-by-website = Jemand hat auf Ihrer Website geschrieben. Was geschrieben wurde, steht nur in der Konsole.

# Formulare auf der Website
embed-password-hint = Lassen Sie es leer, um einen Link zur Anmeldung per E-Mail zu bekommen.
check-in-address = Wo Sie sind (optional)
check-in-street = Straße
check-in-city = Ort
check-in-state = Bundesland
check-in-zip = Postleitzahl
check-in-country = Land
check-in-leave-empty = Lassen Sie dieses Feld leer
check-in-look-over = Bitte sehen Sie durch, was Sie geschrieben haben, und senden Sie es dann.
check-in-too-many = Nicht gesendet: In kurzer Zeit wurde zu viel gesendet. Was Sie geschrieben haben, steht noch hier; bitte senden Sie es in einer Viertelstunde noch einmal, oder rufen Sie { $provider } an.
check-in-sent-text = Vielen Dank. { $provider } hat Ihre Anfrage. Bewahren Sie die Nummer auf: Mit ihr und Ihrer E-Mail-Adresse können Sie nach dem Stand fragen.
check-in-off-title = Dieses Formular wird nicht benutzt
check-in-off-text = { $provider } nimmt damit keine Anfragen an.
look-up-title = Wie weit ist meine Anfrage?
look-up-number = Ticketnummer
look-up-button = Link per E-Mail senden
look-up-mailed-title = Sehen Sie in Ihr Postfach
look-up-mailed-text = Wenn eine Anfrage mit dieser Nummer von dieser Adresse kam, ist eine E-Mail mit einem Link unterwegs. Der Link zeigt den Stand der Anfrage; er funktioniert einmal, innerhalb einer Stunde.
status-link-text = Sehen Sie, wie weit Ihre Anfrage ist und was { $provider } geantwortet hat. Dieser Link funktioniert einmal.
status-link-button = Anzeigen
