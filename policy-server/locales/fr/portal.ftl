# The portal's sentences in French. Not yet reviewed by a speaker.

# The form
new-ticket-title = Demander de l’aide
new-ticket-reporting-as = Demande de { $person } pour { $asset }
new-ticket-description = Qu’est-ce qui ne fonctionne pas ?
new-ticket-description-hint = Une phrase ou deux suffisent. Les informations sur cet ordinateur sont jointes automatiquement.
new-ticket-urgency = Est-ce urgent ?
new-ticket-urgency-low = Cela peut attendre
new-ticket-urgency-normal = Cela me ralentit
new-ticket-urgency-high = Je ne peux plus travailler
new-ticket-phone = Numéro de téléphone en cas de question (facultatif)
new-ticket-not-you = Ce n’est pas vous ?
new-ticket-unverified-name = Votre nom
new-ticket-unverified-name-hint = { $provider } verra ce nom avec votre demande. Veuillez aussi indiquer un numéro de téléphone.
new-ticket-files = Fichiers ou captures d’écran (facultatif)
new-ticket-files-hint =
    { $files ->
        [one] { $files } fichier de { $megabytes } Mo au plus.
       *[other] Jusqu’à { $files } fichiers de { $megabytes } Mo chacun.
    }
new-ticket-files-paste = Vous pouvez aussi coller une capture d’écran n’importe où sur cette page.
new-ticket-facts = Ce que { $provider } apprend sur cet ordinateur
new-ticket-send = Envoyer
new-ticket-other-window = Entre-temps, ce navigateur a été ouvert pour { $asset }. Veuillez vérifier le nom ci-dessus et envoyer de nouveau.

# What is wrong with the form
error-summary = Pas encore envoyé. Veuillez corriger ce qui est signalé ci-dessous.
error-not-stored = Un problème est survenu de notre côté : rien n’a été enregistré. Ce que vous avez saisi est toujours là ; veuillez l’envoyer de nouveau dans une minute. Si cela continue, prévenez { $provider }.
error-description-missing = Veuillez écrire ce qui ne fonctionne pas.
error-too-long =
    { $limit ->
        [one] Ce texte dépasse { $limit } caractère. Veuillez le raccourcir.
       *[other] Ce texte dépasse { NUMBER($limit) } caractères. Veuillez le raccourcir.
    }
error-files-too-many =
    { $limit ->
        [one] Il y a plus de { $limit } fichier.
       *[other] Il y a plus de { $limit } fichiers.
    }
error-file-too-large = { $name } dépasse { $megabytes } Mo.
error-files-hour =
    { $limit ->
        [one] Cet ordinateur ne peut pas envoyer plus de { $limit } fichier par heure. Veuillez envoyer sans fichier, ou plus tard.
       *[other] Cet ordinateur ne peut pas envoyer plus de { $limit } fichiers par heure. Veuillez envoyer sans fichier, ou plus tard.
    }
error-files-choose-again = Veuillez choisir de nouveau vos fichiers : les navigateurs ne les conservent pas pendant la correction d’un formulaire.

# The computer's facts
fact-computer = Ordinateur
fact-serial = Numéro de série
fact-model = Modèle
fact-os = Système
fact-processor = Processeur
fact-memory = Mémoire
fact-memory-gigabytes = { NUMBER($gigabytes) } Go
fact-addresses = Adresses réseau
fact-user = Session ouverte par
fact-agent = Agent

# The receipt
receipt-title = Le ticket { $number } a été envoyé
receipt-thanks = Merci, { $person }. { $provider } a reçu votre demande et sait qu’elle concerne { $asset }.
receipt-thanks-unverified = Merci. { $provider } a reçu votre demande et sait qu’elle concerne { $asset }.
receipt-unverified-name = Nom indiqué (non vérifié)
receipt-files = Fichiers
receipt-reply = Réponse de { $provider }
receipt-file-size = { NUMBER($kilobytes) } Ko
receipt-number = Votre numéro de ticket
receipt-wrote = Ce que vous avez écrit
receipt-again = Envoyer une autre demande

# Pages that say why not
sorry-title = Ce n’est pas encore possible
sorry-whom-to-ask = Veuillez vous adresser à { $provider } :
sorry-phone = Téléphone
sorry-email = E-mail
refusal-no_end_user = Personne n’est associé à l’ordinateur { $asset } ; { $provider } ne peut donc pas savoir qui fait la demande.
refusal-not_a_portal_user = { $person } n’a pas encore accès au portail.
refusal-deactivated = L’accès au portail de { $person } a été désactivé.
refusal-not_permitted = Le compte de { $person } ne permet pas d’envoyer des demandes depuis un ordinateur.
refusal-portal_not_published = Le portail de { $provider } n’est pas encore ouvert.
refusal-asset_retired = L’ordinateur { $asset } n’est plus suivi par { $provider }.
again-title = Veuillez rouvrir cette page depuis l’icône près de l’horloge
again-text = Pour votre sécurité, cette page ne fonctionne que peu de temps après un clic, et une seule fois. Cliquez sur l’icône près de l’horloge et choisissez de nouveau le portail.
again-typed = Ce que vous avez saisi est conservé : vous le retrouverez dans le formulaire en le rouvrant avec ce navigateur. Le voici aussi, pour le copier :
tray-only-title = Veuillez utiliser l’icône près de l’horloge
tray-only-text = Vous pouvez joindre { $provider } par l’icône près de l’horloge de votre ordinateur. Cliquez dessus et choisissez le portail.
not-found-title = Il n’y a rien ici
not-found-text = L’adresse est peut-être mal saisie, ou ce qui se trouvait ici n’existe plus.
failed-title = Un problème est survenu de notre côté
failed-text = Ce que vous avez fait n’a pas été enregistré. Veuillez réessayer dans une minute. Si cela continue, indiquez ce numéro à { $provider } : { $request }
refused-form-title = Ce formulaire n’a pas pu être accepté
refused-form-text = Il ne provient pas d’une page de ce site. Veuillez rouvrir le portail depuis l’icône près de l’horloge.
too-large-title = C’est trop à la fois
too-large-text = Ce que vous avez envoyé dépasse ce que ce formulaire accepte. Veuillez revenir en arrière et raccourcir votre envoi.
unknown-host = Cette adresse ne correspond à aucun portail ici.

# Signing in
sign-in-title = Se connecter
sign-in-name = Identifiant ou adresse e-mail
sign-in-password = Mot de passe
sign-in-button = Se connecter
sign-in-wrong = L’identifiant ou le mot de passe est incorrect.
sign-in-too-many = Il y a eu trop d’essais incorrects. Veuillez attendre un quart d’heure.
sign-in-other-ways = Pas de mot de passe sous la main ?
sign-in-email = Votre adresse e-mail
sign-in-mail-link = M’envoyer un lien de connexion
sign-in-mail-reset = M’envoyer un lien pour changer de mot de passe
sign-in-staff = Vous travaillez chez { $provider } ?
sign-in-staff-link = Se connecter à la console
sign-out = Se déconnecter
visitor-navigation = Portail
not-published-title = Le portail n’est pas encore prêt
not-published-text = { $provider } ne l’a pas encore ouvert. Vous pouvez nous joindre par l’icône près de l’horloge de votre ordinateur.
link-mailed-title = Consultez votre messagerie
link-mailed-text = Si cette adresse est celle d’une personne qui peut se connecter ici, un e-mail contenant un lien est en route. Le lien fonctionne une seule fois, et peu de temps.
link-over-title = Ce lien ne fonctionne plus
link-over-text = Il a déjà servi, son délai est dépassé, ou votre accès a été désactivé. Veuillez en demander un autre.
link-which-account = Quel compte ?
link-account = Votre identifiant : { $name }
link-sign-in-title = Se connecter
link-sign-in-text = Continuer vers le portail de { $provider }.
link-sign-in-button = Se connecter
link-reset-title = Nouveau mot de passe
link-reset-text = Choisissez un nouveau mot de passe pour le portail de { $provider }. Vous serez déconnecté partout ailleurs.
link-reset-button = Enregistrer et se connecter
invitation-title = Bienvenue
invitation-text = Choisissez un mot de passe pour le portail de { $provider }.
invitation-button = Entrer
password-old = Mot de passe actuel
password-new = Nouveau mot de passe
password-hint =
    { $shortest ->
        [one] Au moins { $shortest } caractère ; quelques mots faciles à retenir conviennent bien.
       *[other] Au moins { $shortest } caractères ; quelques mots faciles à retenir conviennent bien.
    }
password-refused =
    { $shortest ->
        [one] Ce mot de passe ne convient pas : il lui faut au moins { $shortest } caractère, et il ne doit ni répéter un seul caractère ni contenir votre adresse.
       *[other] Ce mot de passe ne convient pas : il lui faut au moins { $shortest } caractères, et il ne doit ni répéter un seul caractère ni contenir votre adresse.
    }
password-old-wrong = Le mot de passe actuel est incorrect.
password-change = Changer le mot de passe

# Behind the sign-in
no-access-title = Votre compte n’y a pas accès
no-access-text = Votre compte ne voit pas les tickets. S’il le devrait, veuillez vous adresser à { $provider }.
home-title = Mes demandes
home-empty = Il n’y a pas encore de demande.
home-older = Plus anciennes
ticket-title = Ticket { $number }
ticket-status = État
ticket-status-new = Nouveau
ticket-status-open = En cours
ticket-status-waiting = En attente d’une réponse
ticket-status-resolved = Résolu
ticket-status-closed = Fermé
ticket-since = Envoyé
ticket-wrote = Ce qui a été écrit
account-title = Mon compte
sessions-title = Où vous êtes connecté
session-this = ce navigateur
session-end = Mettre fin
home-this-computer = Signaler un problème avec cet ordinateur, { $asset }
home-unseen = Ce que vous envoyez parvient à { $provider }. Les demandes précédentes ne sont pas affichées ici.
no-sending-title = Votre compte n’y a pas accès
no-sending-text = Votre compte ne permet pas d’envoyer des demandes ici. S’il le devrait, veuillez vous adresser à { $provider }.
portal-ticket-description-hint = Une phrase ou deux suffisent.
portal-ticket-computer = Quel ordinateur ?
portal-ticket-no-computer = Aucun des miens
portal-ticket-for-whom = Pour qui ? (facultatif)
portal-ticket-for-whom-hint = Le nom ou l’adresse e-mail d’une personne de votre organisation, si la demande n’est pas pour vous.
portal-ticket-unverified-email = Votre adresse e-mail (facultatif)
portal-ticket-who-sees-it = Qui peut la voir ?
portal-ticket-confidential = Ne pas la montrer au reste de mon organisation
portal-ticket-people = Autres personnes qui peuvent la voir
portal-ticket-people-hint = Noms ou adresses e-mail de personnes de votre organisation, un par ligne.
portal-ticket-other-window = Entre-temps, quelqu’un d’autre s’est connecté dans ce navigateur. Veuillez vérifier le nom ci-dessus et envoyer de nouveau.
error-email = Ce n’est pas une adresse e-mail.
error-name-missing = Veuillez écrire votre nom.
error-only-for-yourself = Vous ne pouvez envoyer que vos propres demandes.
error-nobody-called = Dans votre organisation, personne ne s’appelle { $name } ni n’a cette adresse.
error-several-called = Plusieurs personnes s’appellent { $name }. Veuillez écrire l’adresse e-mail.
error-too-many-people =
    { $limit ->
        [one] Vous pouvez ajouter { $limit } personne au plus.
       *[other] Vous pouvez ajouter { $limit } personnes au plus.
    }
error-not-their-computer = Cet ordinateur n’est pas celui de la personne pour qui est la demande.
not-sent-title = Rien n’a été envoyé
not-sent-text = Vous n’êtes plus dans le portail, ou vous ne pouvez rien envoyer d’ici. Veuillez vous connecter de nouveau.
not-sent-typed = Ce que vous avez saisi, pour le copier :

# The link of an organization, and the staff's view
switch-title = Passer à { $organization }
switch-text = Ce navigateur est dans le portail en tant que { $before }. Il ne peut y être qu’avec un compte à la fois.
switch-button = Passer à { $organization }
switch-stay = Rester { $before }
staff-view = Vue du personnel : voici ce que voit { $organization }. Rien ne peut être envoyé d’ici.
tray-form-only-title = Veuillez utiliser l’icône près de l’horloge
tray-form-only-text = { $provider } reçoit les demandes par l’icône près de l’horloge de votre ordinateur. Cliquez dessus et choisissez le portail.

# Signing up
sign-up-title = Créer un compte
sign-up-text = Si vous avez déjà demandé de l’aide à { $provider }, vous pouvez créer un compte avec la même adresse e-mail.
sign-up-button = M’envoyer un lien
sign-up-mailed-title = Consultez votre messagerie
sign-up-mailed-text = Si cette adresse a déjà demandé de l’aide à { $provider }, un e-mail contenant un lien est en route. Le lien fonctionne une seule fois, et peu de temps.
stay-signed-in = Rester connecté 30 jours sur cet ordinateur
session-stays = reste connecté
billing-title = Facturation
billing-empty = Il n’y a encore rien ici.
billing-kind-invoice = Facture
billing-kind-estimate = Devis
billing-kind-statement = Relevé
billing-kind-credit = Avoir
no-billing-title = Votre compte n’y a pas accès
no-billing-text = Votre compte ne voit pas la facturation. S’il le devrait, veuillez vous adresser à { $provider }.

# In the mail that brings the MSP a ticket
mail-unverified-subject = d’une personne non vérifiée
mail-unverified-by-link = Quelqu’un a écrit par le lien de l’organisation. Ce qui a été écrit ne se trouve que dans la console.
mail-unverified-from-computer = Quelqu’un a écrit depuis cet ordinateur sous un nom que personne n’a vérifié. Ce qui a été écrit ne se trouve que dans la console.

# What the link to the portal reads in mails
mail-online-profile = Profil en ligne
mail-online-profile-payment = Profil en ligne : modifier les données de paiement

# Where the two mails about a payment lead while the MSP has set no address
payment-title = Vos données de paiement
payment-text = { $provider } n’a pas encore de page pour cela. Demandez comment changer votre carte ou payer.

# A day, and a moment
date = { $day }/{ $month }/{ $year }
moment = { $date } à { $time } UTC

language = Langue
language-choose = Changer
no-portal-here = Il n’y a pas de portail à cette adresse. Vérifiez l’orthographe ou demandez à la personne qui vous l’a donnée.
sample-subject = L’imprimante n’imprime pas

error-too-many-names = Personne dans votre organisation ne porte plusieurs des noms que vous avez écrits. Veuillez laisser ce champ vide ou réessayer dans un quart d’heure.
link-too-many-title = Veuillez revenir plus tard
link-too-many-text = Ce lien vient d’être ouvert très souvent. Veuillez réessayer dans un quart d’heure. En cas d’urgence, appelez { $provider }.
error-sent-too-often = Ceci n’a pas été envoyé : de très nombreuses demandes viennent d’arriver par ce lien. Ce que vous avez écrit est toujours ici ; veuillez l’envoyer de nouveau dans un quart d’heure. En cas d’urgence, appelez { $provider }.

# Articles
articles-title = Articles
articles-empty = Il n’y a encore rien à lire.
articles-may-help = Ceci peut aider tout de suite :
# Words that are in any text, so that they say nothing of what it is about.
articles-common-words = aide alors après aucun aussi autre avant avec avoir bonjour car ceci cela ces cet cette chez comme comment dans depuis des deux dois donc dont elle elles encore est être eux fait faire fois ici ils les leur leurs lors lui mais merci mes mon même moi nos notre nous non ont par parce pas peut peux plus pour pourquoi problème puis quand que quel quelle qui quoi sans ses son sont sous suis sur tous tout toute très une vers vos votre vous était
article-changed = Modifié le { $day }
article-all = Tous les articles
search-label = Recherche
search-button = Rechercher
search-nothing = Rien n’a été trouvé pour { $search }.
search-more = Suite

# Demandes dans le portail
ticket-history = Ce qui s’est passé
ticket-colleague = Une personne de votre organisation
ticket-answer = Votre réponse
ticket-answer-reopens = Une réponse rouvre cette demande.
ticket-close = Fermer cette demande
ticket-reopen = La rouvrir
error-answer-missing = Veuillez écrire votre réponse.
ticket-status-unresolved = Pas encore terminées
ticket-status-done = Terminées
home-search = Chercher dans vos demandes
home-any-status = Tous
home-whose = De qui
home-of-all = De tous
home-of-me = De moi
home-nothing = Aucune demande ne correspond.

# Ordinateurs et coordonnées
computers-title = Ordinateurs
computers-search = Nom ou personne
computers-empty = Aucun ordinateur ne vous est attribué.
computers-report = Signaler un problème avec { $asset }
details-name = Votre nom
details-phone = Votre numéro de téléphone (facultatif)
details-save = Enregistrer
error-phone = Ce n’est pas un numéro de téléphone.
community-title = Communauté

new-ticket-department = Qui doit s’en occuper ?
mail-answer-above = Veuillez écrire votre réponse au-dessus de cette ligne.
mail-unverified-by-mail = Quelqu’un a écrit par courriel depuis une adresse que personne n’a vérifiée. Ce qui a été écrit ne figure que dans la console.
mail-unverified-by-website = Quelqu’un a écrit sur votre site web. Ce qui a été écrit ne se trouve que dans la console.

# Formulaires du site web
embed-password-hint = Laissez ce champ vide pour recevoir par e-mail un lien de connexion.
check-in-address = Où vous êtes (facultatif)
check-in-street = Rue
check-in-city = Ville
check-in-state = Région
check-in-zip = Code postal
check-in-country = Pays
check-in-leave-empty = Laissez ce champ vide
check-in-look-over = Merci de relire ce que vous avez écrit, puis de l’envoyer.
check-in-too-many = Non envoyé : trop d’envois en peu de temps. Votre texte est toujours là ; renvoyez-le dans un quart d’heure, ou appelez { $provider }.
check-in-sent-text = Merci. { $provider } a reçu votre demande. Gardez le numéro : avec lui et votre adresse e-mail, vous pouvez demander où elle en est.
check-in-off-title = Ce formulaire n’est pas utilisé
check-in-off-text = { $provider } ne reçoit pas de demandes par ce formulaire.
look-up-title = Où en est ma demande ?
look-up-number = Numéro du ticket
look-up-button = M’envoyer un lien
look-up-mailed-title = Consultez votre messagerie
look-up-mailed-text = Si une demande portant ce numéro a été envoyée avec cette adresse, un e-mail contenant un lien est en route. Le lien montre où en est la demande ; il fonctionne une seule fois, dans l’heure.
status-link-text = Voyez où en est votre demande, et ce que { $provider } a répondu. Ce lien fonctionne une seule fois.
status-link-button = Afficher
