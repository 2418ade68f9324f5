# The portal's sentences. Names in braces are filled in by the server.

# The form
new-ticket-title = Get help
new-ticket-reporting-as = Reporting as { $person } for { $asset }
new-ticket-description = What is wrong?
new-ticket-description-hint = A sentence or two is enough. The details of this computer go along by themselves.
new-ticket-department = Who should look at it?
new-ticket-urgency = How urgent is it?
new-ticket-urgency-low = It can wait
new-ticket-urgency-normal = It slows me down
new-ticket-urgency-high = I cannot work
new-ticket-phone = Phone number for questions (optional)
new-ticket-not-you = Not you?
new-ticket-unverified-name = Your name
new-ticket-unverified-name-hint = { $provider } sees this name with your request. Please also leave a phone number.
new-ticket-files = Files or screenshots (optional)
new-ticket-files-hint = Up to { $files } files of { $megabytes } MB each.
new-ticket-files-paste = You can also paste a screenshot anywhere on this page.
new-ticket-facts = What { $provider } gets to know about this computer
new-ticket-send = Send
new-ticket-other-window = This browser has meanwhile been opened for { $asset }. Please check the name above and send again.

# What is wrong with the form
error-summary = Not sent yet. Please correct what is marked below.
error-not-stored = Something went wrong on our side: this was not stored. What you typed is still here; please send it again in a minute. If it goes on, tell { $provider }.
error-description-missing = Please write what is wrong.
error-too-long = This is longer than { NUMBER($limit) } characters. Please shorten it.
error-files-too-many = These are more than { $limit } files.
error-file-too-large = { $name } is larger than { $megabytes } MB.
error-files-hour = No more than { $limit } files an hour can be sent from this computer. Please send without files, or later.
error-files-choose-again = Please choose your files again: browsers do not keep them while a form is corrected.

# The computer's facts
fact-computer = Computer
fact-serial = Serial number
fact-model = Model
fact-os = System
fact-processor = Processor
fact-memory = Memory
fact-memory-gigabytes = { NUMBER($gigabytes) } GB
fact-addresses = Network addresses
fact-user = Signed in as
fact-agent = Agent

# The receipt
receipt-title = Ticket { $number } was sent
receipt-thanks = Thank you, { $person }. { $provider } has your request and knows that it is about { $asset }.
receipt-thanks-unverified = Thank you. { $provider } has your request and knows that it is about { $asset }.
receipt-unverified-name = Name you gave (not checked)
receipt-files = Files
receipt-reply = { $provider } answers
receipt-file-size = { NUMBER($kilobytes) } KB
receipt-number = Your ticket number
receipt-wrote = What you wrote
receipt-again = Send another one

# Pages that say why not
sorry-title = This does not work yet
sorry-whom-to-ask = Please ask { $provider }:
sorry-phone = Phone
sorry-email = E-mail
refusal-no_end_user = Nobody is assigned to the computer { $asset }, so { $provider } cannot tell who is asking.
refusal-not_a_portal_user = { $person } does not have access to the portal yet.
refusal-deactivated = The portal access of { $person } has been switched off.
refusal-not_permitted = The account of { $person } does not send requests from a computer.
refusal-portal_not_published = The portal of { $provider } is not open yet.
refusal-asset_retired = The computer { $asset } is no longer looked after by { $provider }.
again-title = Please open it from the tray again
again-text = For your safety, this page works only for a short while after a click, and only once. Click the tray icon near the clock and choose the portal again.
again-typed = What you typed is kept: it will be in the form when you open it again with this browser. Here it is to copy, too:
tray-only-title = Please use the tray icon
tray-only-text = You reach { $provider } from the tray icon near the clock of your computer. Click it and choose the portal.
not-found-title = There is nothing here
not-found-text = The address may be mistyped, or what was here is gone.
failed-title = Something went wrong on our side
failed-text = What you did was not stored. Please try again in a minute. If it goes on, tell { $provider } this number: { $request }
refused-form-title = This form could not be accepted
refused-form-text = It did not come from this site's own page. Please open the portal from the tray icon again.
too-large-title = That is too much at once
too-large-text = What you sent is larger than this form takes. Please go back and shorten it.
unknown-host = This address belongs to no portal here.
no-portal-here = There is no portal at this address. Check its spelling, or ask whoever gave it to you.

# Signing in
sign-in-title = Sign in
sign-in-name = Sign-in name or e-mail address
sign-in-password = Password
sign-in-button = Sign in
sign-in-wrong = Name or password is wrong.
sign-in-too-many = These were too many wrong tries. Please wait a quarter of an hour.
sign-in-other-ways = No password at hand?
sign-in-email = Your e-mail address
sign-in-mail-link = Mail me a link to sign in
sign-in-mail-reset = Mail me a link to set a new password
sign-in-staff = Do you work at { $provider }?
sign-in-staff-link = Sign in to the console
sign-out = Sign out
visitor-navigation = Portal
not-published-title = The portal is not set up yet
not-published-text = { $provider } has not opened it. You reach us from the tray icon near the clock of your computer.
link-mailed-title = Look into your mailbox
link-mailed-text = If this address belongs to somebody who can sign in here, a mail with a link is on its way. It works once, and only for a short while.
link-over-title = This link no longer works
link-over-text = It was used before, its time is over, or your access was switched off. Please ask for another one.
link-which-account = Which account?
link-account = Your sign-in name: { $name }
link-sign-in-title = Sign in
link-sign-in-text = Continue to the portal of { $provider }.
link-sign-in-button = Sign in
link-reset-title = A new password
link-reset-text = Set a new password for the portal of { $provider }. You are signed out everywhere else.
link-reset-button = Set it and sign in
invitation-title = Welcome
invitation-text = Set a password for the portal of { $provider }.
invitation-button = Come in
password-old = Present password
password-new = New password
password-hint = At least { $shortest } characters; a few words that you can remember are good.
password-refused = This password cannot be taken: it needs at least { $shortest } characters, and must be neither one character over and over nor contain your address.
password-old-wrong = The present password is wrong.
password-change = Change the password

# Behind the sign-in
no-access-title = This is not for your account
no-access-text = Your account does not see tickets. If it should, please ask { $provider }.
home-title = My requests
home-empty = There is no request yet.
home-older = Older ones
ticket-title = Ticket { $number }
ticket-status = Status
ticket-status-new = New
ticket-status-open = In progress
ticket-status-waiting = Waiting for an answer
ticket-status-resolved = Resolved
ticket-status-closed = Closed
ticket-since = Sent
ticket-wrote = What was written
account-title = My account
sessions-title = Where you are signed in
session-this = this browser
session-end = End
home-this-computer = Report a problem with this computer, { $asset }
home-unseen = What you send reaches { $provider }. Earlier requests are not shown here.
no-sending-title = This is not for your account
no-sending-text = Your account does not send requests here. If it should, please ask { $provider }.
portal-ticket-description-hint = A sentence or two is enough.
portal-ticket-computer = Which computer?
portal-ticket-no-computer = None of mine
portal-ticket-for-whom = For whom? (optional)
portal-ticket-for-whom-hint = The name or e-mail address of a colleague, if it is not for you.
portal-ticket-unverified-email = Your e-mail address (optional)
portal-ticket-who-sees-it = Who can see it?
portal-ticket-confidential = Keep it from the rest of my organization
portal-ticket-people = People who may see it, too
portal-ticket-people-hint = Names or e-mail addresses of colleagues, one in each line.
portal-ticket-other-window = This browser has meanwhile been signed in as somebody else. Please check the name above and send again.
error-email = This is no e-mail address.
error-name-missing = Please write your name.
error-only-for-yourself = You can only send requests of your own.
error-nobody-called = Nobody in your organization is called { $name }, or has that address.
error-several-called = Several people are called { $name }. Please write the e-mail address.
error-too-many-names = Nobody in your organization has several of the names that you wrote. Please leave this empty, or try again in a quarter of an hour.
error-too-many-people = At most { $limit } people can be added.
error-not-their-computer = This is not a computer of the person whom it is for.
not-sent-title = This was not sent
not-sent-text = You are no longer in the portal, or may not send from here. Please come in again.
not-sent-typed = What you typed, to copy:

# The link of an organization, and the staff's view
link-too-many-title = Please come again later
link-too-many-text = This link was opened very often just now. Please try again in a quarter of an hour. If it is urgent, call { $provider }.
error-sent-too-often = This was not sent: very many requests came by this link just now. What you typed is still here; please send it again in a quarter of an hour. If it is urgent, call { $provider }.
switch-title = Switch to { $organization }
switch-text = This browser is in the portal as { $before }. It can be there as one at a time.
switch-button = Switch to { $organization }
switch-stay = Stay as { $before }
staff-view = Staff view: this is what { $organization } sees. Nothing can be sent from here.
tray-form-only-title = Please use the tray icon
tray-form-only-text = { $provider } takes requests from the tray icon near the clock of your computer. Click it and choose the portal.

# Signing up
sign-up-title = Sign up
sign-up-text = If you have asked { $provider } for help before, you can make yourself an account with the same e-mail address.
sign-up-button = Mail me a link
sign-up-mailed-title = Look into your mailbox
sign-up-mailed-text = If this address has asked { $provider } for help before, a mail with a link is on its way. It works once, and only for a short while.
stay-signed-in = Stay signed in on this computer for 30 days
session-stays = stays signed in
billing-title = Billing
billing-empty = There is nothing here yet.
billing-kind-invoice = Invoice
billing-kind-estimate = Estimate
billing-kind-statement = Statement
billing-kind-credit = Credit note
no-billing-title = This is not for your account
no-billing-text = Your account does not see what is billed. If it should, please ask { $provider }.

# In the mail that brings the MSP a ticket
mail-unverified-subject = from an unverified person
mail-unverified-by-link = Somebody wrote by the organization’s link. What they wrote is in the console alone.
mail-unverified-from-computer = Somebody wrote from this computer under a name that nobody has checked. What they wrote is in the console alone.

# What the link to the portal reads in mails
mail-online-profile = Online Profile
mail-online-profile-payment = Online Profile Update Payment Information

# Where the two mails about a payment lead while the MSP has set no address
payment-title = Your payment details
payment-text = { $provider } has no page for this yet. Please ask how you can change your card or pay.

# Articles
articles-title = Articles
articles-empty = There is nothing to read yet.
articles-may-help = These may help right away:
# Words that are in any text, so that they say nothing of what it is about.
articles-common-words = about after all also and any are because been but can cannot could did does doing don for from get gets had has have help her here him his how into its just like more need needs new not now off one only our out please problem she since some still than thank thanks that the their them then there these they this those too very want was were what when where which while who why will with without work working works would you your
article-changed = Changed on { $day }
article-all = All articles
search-label = Search
search-button = Search
search-nothing = Nothing was found for { $search }.
search-more = More

# A day, and a moment
date = { $year }-{ $month }-{ $day }
moment = { $date } { $time } UTC

language = Language
language-choose = Change
sample-subject = The printer does not print

# Tickets in the portal
ticket-history = What happened
ticket-colleague = Somebody of your organization
ticket-answer = Your answer
ticket-answer-reopens = An answer opens this request again.
ticket-close = Close this request
ticket-reopen = Open it again
error-answer-missing = Please write your answer.
ticket-status-unresolved = Not done yet
ticket-status-done = Done
home-search = Search your requests
home-any-status = Any
home-whose = Whose
home-of-all = Everybody’s
home-of-me = Mine
home-nothing = No request is like that.

# Computers and details
computers-title = Computers
computers-search = Name or person
computers-empty = No computer is assigned to you.
computers-report = Report a problem with { $asset }
details-name = Your name
details-phone = Your phone number (optional)
details-save = Save
error-phone = This is no phone number.
community-title = Community

# Mails about tickets: the line above which an answer is written.
mail-answer-above = Please write your answer above this line.
mail-unverified-by-mail = Somebody wrote by mail from an address that nobody has checked. What they wrote is in the console alone.
mail-unverified-by-website = Somebody wrote on your website. What they wrote is in the console alone.

# Forms on the website
embed-password-hint = Leave it empty to have a link mailed that signs you in.
check-in-address = Where you are (optional)
check-in-street = Street
check-in-city = City
check-in-state = State
check-in-zip = ZIP code
check-in-country = Country
check-in-leave-empty = Leave this field empty
check-in-look-over = Please look over what you wrote, then send it.
check-in-too-many = Not sent: too much was sent in a short time. What you typed is still here; please send it again in a quarter of an hour, or call { $provider }.
check-in-sent-text = Thank you. { $provider } has your request. Keep the number: with it and your e-mail address you can ask how far it is.
check-in-off-title = This form is not in use
check-in-off-text = { $provider } takes no requests with it.
look-up-title = How far is my request?
look-up-number = Ticket number
look-up-button = Mail me a link
look-up-mailed-title = Look into your mailbox
look-up-mailed-text = If a request with this number was sent with this address, a mail with a link is on its way. The link shows how far the request is; it works once, within an hour.
status-link-text = See how far your request is, and what { $provider } has answered. This link works once.
status-link-button = Show it
