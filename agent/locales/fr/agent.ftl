# French. Not yet reviewed by a speaker.

# The tray's menu

caption-offline = Hors ligne depuis le { $time }
caption-refused = Cet ordinateur n’est pas relié à l’assistance
caption-being-set-up = L’assistance pour cet ordinateur est en cours de mise en place
caption-waiting-for-approval = L’assistance doit encore approuver cet ordinateur
caption-call-support = Appeler le { $phone }
caption-write-to-support = Écrire à { $email }

# When a click or `deskbell-agent open` came to nothing. Each says what happened and what to do.

failure-no-such-entry = Cette entrée n’existe plus dans le menu.
failure-server-unreachable = Le portail d’assistance est injoignable pour le moment.
failure-refused = Le portail d’assistance ne connaît plus cet ordinateur.
failure-not-enrolled = Cet ordinateur n’est pas encore relié au portail d’assistance.
failure-retired = Cet ordinateur n’est plus suivi par le portail d’assistance.
failure-too-many = Cela a été ouvert trop souvent. Veuillez attendre une minute.
failure-clipboard = Le texte n’a pas pu être copié.
failure-browser = Aucun navigateur web n’a pu être démarré.

support-phone-and-email = Vous pouvez joindre l’assistance au { $phone } ou à { $email }.
support-phone = Vous pouvez joindre l’assistance au { $phone }.
support-email = Vous pouvez joindre l’assistance à { $email }.

# Why the portal shows a page in place of the form

refusal-no_end_user = Personne n’est encore associé à cet ordinateur.
refusal-not_a_portal_user = La personne associée à cet ordinateur n’a pas accès au portail.
refusal-deactivated = L’accès au portail de la personne associée à cet ordinateur a été désactivé.
refusal-not_permitted = Votre compte ne permet pas d’envoyer des demandes depuis cet ordinateur.
refusal-portal_not_published = Le portail n’est pas encore ouvert.
refusal-asset_retired = Cet ordinateur n’est plus suivi par le portail.

# A moment

moment = { $day }/{ $month }/{ $year } { $time }
