# German. Not yet reviewed by a speaker.

# The tray's menu

caption-offline = Offline seit { $time }
caption-refused = Dieser Computer ist nicht mit dem Support verbunden
caption-being-set-up = Der Support für diesen Computer wird eingerichtet
caption-waiting-for-approval = Der Support muss diesen Computer noch bestätigen
caption-call-support = { $phone } anrufen
caption-write-to-support = An { $email } schreiben

# When a click or `deskbell-agent open` came to nothing. Each says what happened and what to do.

failure-no-such-entry = Diesen Eintrag gibt es im Menü nicht mehr.
failure-server-unreachable = Das Support-Portal ist im Moment nicht erreichbar.
failure-refused = Das Support-Portal kennt diesen Computer nicht mehr.
failure-not-enrolled = Dieser Computer ist noch nicht mit dem Support-Portal verbunden.
failure-retired = Dieser Computer wird nicht mehr über das Support-Portal betreut.
failure-too-many = Das wurde zu oft geöffnet. Bitte warten Sie eine Minute.
failure-clipboard = Der Text konnte nicht kopiert werden.
failure-browser = Es konnte kein Webbrowser gestartet werden.

support-phone-and-email = Sie erreichen den Support unter { $phone } oder { $email }.
support-phone = Sie erreichen den Support unter { $phone }.
support-email = Sie erreichen den Support unter { $email }.

# Why the portal shows a page in place of the form

refusal-no_end_user = Diesem Computer ist noch niemand zugeordnet.
refusal-not_a_portal_user = Die Person, der dieser Computer zugeordnet ist, hat keinen Zugang zum Portal.
refusal-deactivated = Der Portalzugang der Person, der dieser Computer zugeordnet ist, wurde abgeschaltet.
refusal-not_permitted = Mit Ihrem Konto werden von diesem Computer keine Anfragen gesendet.
refusal-portal_not_published = Das Portal ist noch nicht geöffnet.
refusal-asset_retired = Dieser Computer wird nicht mehr über das Portal betreut.

# A moment

moment = { $day }.{ $month }.{ $year } { $time }
