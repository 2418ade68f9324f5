# The portal's sentences in Arabic. Not yet reviewed by a speaker.

# The form
new-ticket-title = طلب المساعدة
new-ticket-reporting-as = طلب من { $person } بخصوص { $asset }
new-ticket-description = ما المشكلة؟
new-ticket-description-hint = تكفي جملة أو جملتان. تُرسَل بيانات هذا الحاسوب تلقائيًا.
new-ticket-urgency = ما مدى استعجال الأمر؟
new-ticket-urgency-low = يمكن أن ينتظر
new-ticket-urgency-normal = يعطّل عملي
new-ticket-urgency-high = لا أستطيع العمل
new-ticket-phone = رقم هاتف للاستفسار (اختياري)
new-ticket-not-you = لست أنت؟
new-ticket-unverified-name = اسمك
new-ticket-unverified-name-hint = ترى { $provider } هذا الاسم مع طلبك. يُرجى ترك رقم هاتف أيضًا.
new-ticket-files = ملفات أو لقطات شاشة (اختياري)
new-ticket-files-hint =
    { $files ->
        [one] ملف واحد بحجم { $megabytes } ميغابايت على الأكثر.
        [two] ملفان على الأكثر، حجم كل منهما { $megabytes } ميغابايت.
        [few] حتى { $files } ملفات، حجم كل منها { $megabytes } ميغابايت.
        [many] حتى { $files } ملفًا، حجم كل منها { $megabytes } ميغابايت.
       *[other] حتى { $files } ملف، حجم كل منها { $megabytes } ميغابايت.
    }
new-ticket-files-paste = يمكنك أيضًا لصق لقطة شاشة في أي مكان من هذه الصفحة.
new-ticket-facts = ما تعرفه { $provider } عن هذا الحاسوب
new-ticket-send = إرسال
new-ticket-other-window = فُتح هذا المتصفح في هذه الأثناء من أجل { $asset }. يُرجى التحقق من الاسم أعلاه ثم الإرسال من جديد.

# What is wrong with the form
error-summary = لم يُرسَل بعد. يُرجى تصحيح ما هو محدَّد أدناه.
error-not-stored = حدث خطأ من جانبنا ولم يُحفظ شيء. ما كتبته لا يزال هنا؛ يُرجى إرساله من جديد بعد دقيقة. إذا استمر الخطأ فيُرجى إبلاغ { $provider }.
error-description-missing = يُرجى كتابة المشكلة.
error-too-long =
    { $limit ->
        [one] هذا أطول من حرف واحد. يُرجى اختصاره.
        [two] هذا أطول من حرفين. يُرجى اختصاره.
        [few] هذا أطول من { NUMBER($limit) } أحرف. يُرجى اختصاره.
        [many] هذا أطول من { NUMBER($limit) } حرفًا. يُرجى اختصاره.
       *[other] هذا أطول من { NUMBER($limit) } حرف. يُرجى اختصاره.
    }
error-files-too-many =
    { $limit ->
        [one] عدد الملفات أكثر من ملف واحد.
        [two] عدد الملفات أكثر من ملفين.
        [few] عدد الملفات أكثر من { $limit } ملفات.
        [many] عدد الملفات أكثر من { $limit } ملفًا.
       *[other] عدد الملفات أكثر من { $limit } ملف.
    }
error-file-too-large = حجم { $name } أكبر من { $megabytes } ميغابايت.
error-files-hour =
    { $limit ->
        [one] لا يمكن إرسال أكثر من ملف واحد في الساعة من هذا الحاسوب. يُرجى الإرسال من دون ملفات أو في وقت لاحق.
        [two] لا يمكن إرسال أكثر من ملفين في الساعة من هذا الحاسوب. يُرجى الإرسال من دون ملفات أو في وقت لاحق.
        [few] لا يمكن إرسال أكثر من { $limit } ملفات في الساعة من هذا الحاسوب. يُرجى الإرسال من دون ملفات أو في وقت لاحق.
        [many] لا يمكن إرسال أكثر من { $limit } ملفًا في الساعة من هذا الحاسوب. يُرجى الإرسال من دون ملفات أو في وقت لاحق.
       *[other] لا يمكن إرسال أكثر من { $limit } ملف في الساعة من هذا الحاسوب. يُرجى الإرسال من دون ملفات أو في وقت لاحق.
    }
error-files-choose-again = يُرجى اختيار ملفاتك من جديد: لا تحتفظ بها المتصفحات أثناء تصحيح النموذج.

# The computer's facts
fact-computer = الحاسوب
fact-serial = الرقم التسلسلي
fact-model = الطراز
fact-os = النظام
fact-processor = المعالج
fact-memory = الذاكرة
fact-memory-gigabytes = { NUMBER($gigabytes) } غيغابايت
fact-addresses = عناوين الشبكة
fact-user = تسجيل الدخول باسم
fact-agent = برنامج الخدمة

# The receipt
receipt-title = أُرسلت التذكرة { $number }
receipt-thanks = شكرًا، { $person }. تلقّت { $provider } طلبك وتعرف أنه يخص { $asset }.
receipt-thanks-unverified = شكرًا. تلقّت { $provider } طلبك وتعرف أنه يخص { $asset }.
receipt-unverified-name = الاسم الذي أدخلته (لم يُتحقَّق منه)
receipt-files = الملفات
receipt-reply = رد { $provider }
receipt-file-size = { NUMBER($kilobytes) } كيلوبايت
receipt-number = رقم تذكرتك
receipt-wrote = ما كتبته
receipt-again = إرسال طلب آخر

# Pages that say why not
sorry-title = هذا غير متاح بعد
sorry-whom-to-ask = يُرجى سؤال { $provider }:
sorry-phone = الهاتف
sorry-email = البريد الإلكتروني
refusal-no_end_user = لم يُخصَّص الحاسوب { $asset } لأحد، لذلك لا تستطيع { $provider } معرفة صاحب الطلب.
refusal-not_a_portal_user = ليس لدى { $person } إذن بدخول البوابة بعد.
refusal-deactivated = أُوقف دخول { $person } إلى البوابة.
refusal-not_permitted = حساب { $person } لا يرسل الطلبات من حاسوب.
refusal-portal_not_published = لم تُفتح بوابة { $provider } بعد.
refusal-asset_retired = لم تعد { $provider } تعتني بالحاسوب { $asset }.
again-title = يُرجى فتحها من جديد من الأيقونة القريبة من الساعة
again-text = حرصًا على أمانك، لا تعمل هذه الصفحة إلا لفترة قصيرة بعد النقر، ومرة واحدة فقط. انقر على الأيقونة القريبة من الساعة واختر البوابة من جديد.
again-typed = ما كتبته محفوظ: ستجده في النموذج عندما تفتحه من جديد بهذا المتصفح. وهو هنا أيضًا لنسخه:
tray-only-title = يُرجى استخدام الأيقونة القريبة من الساعة
tray-only-text = يمكنك الوصول إلى { $provider } من الأيقونة القريبة من الساعة في حاسوبك. انقر عليها واختر البوابة.
not-found-title = لا يوجد شيء هنا
not-found-text = ربما كُتب العنوان خطأً، أو لم يعد ما كان هنا موجودًا.
failed-title = حدث خطأ من جانبنا
failed-text = لم يُحفظ ما فعلته. يُرجى المحاولة من جديد بعد دقيقة. إذا استمر الخطأ فيُرجى إبلاغ { $provider } بهذا الرقم: { $request }
refused-form-title = تعذّر قبول هذا النموذج
refused-form-text = لم يأتِ من صفحة في هذا الموقع. يُرجى فتح البوابة من جديد من الأيقونة القريبة من الساعة.
too-large-title = هذا كثير دفعة واحدة
too-large-text = ما أرسلته أكبر مما يقبله هذا النموذج. يُرجى الرجوع واختصاره.
unknown-host = لا توجد بوابة هنا بهذا العنوان.

# Signing in
sign-in-title = تسجيل الدخول
sign-in-name = اسم الدخول أو عنوان البريد الإلكتروني
sign-in-password = كلمة المرور
sign-in-button = تسجيل الدخول
sign-in-wrong = الاسم أو كلمة المرور غير صحيحة.
sign-in-too-many = محاولات خاطئة كثيرة. يُرجى الانتظار ربع ساعة.
sign-in-other-ways = لا تتذكر كلمة المرور؟
sign-in-email = عنوان بريدك الإلكتروني
sign-in-mail-link = أرسلوا إليّ رابطًا لتسجيل الدخول
sign-in-mail-reset = أرسلوا إليّ رابطًا لتعيين كلمة مرور جديدة
sign-in-staff = هل تعمل لدى { $provider }؟
sign-in-staff-link = تسجيل الدخول إلى لوحة الإدارة
sign-out = تسجيل الخروج
visitor-navigation = البوابة
not-published-title = لم تُجهَّز البوابة بعد
not-published-text = لم تفتحها { $provider } بعد. يمكنك الوصول إلينا من الأيقونة القريبة من الساعة في حاسوبك.
link-mailed-title = انظر في بريدك
link-mailed-text = إذا كان هذا العنوان لشخص يستطيع تسجيل الدخول هنا، فإن رسالة فيها رابط في الطريق. يعمل الرابط مرة واحدة ولفترة قصيرة فقط.
link-over-title = لم يعد هذا الرابط يعمل
link-over-text = إما أنه استُخدم من قبل، أو انتهت مدته، أو أُوقف دخولك. يُرجى طلب رابط آخر.
link-which-account = أي حساب؟
link-account = اسم الدخول: { $name }
link-sign-in-title = تسجيل الدخول
link-sign-in-text = المتابعة إلى بوابة { $provider }.
link-sign-in-button = تسجيل الدخول
link-reset-title = كلمة مرور جديدة
link-reset-text = عيّن كلمة مرور جديدة لبوابة { $provider }. سيُسجَّل خروجك من كل مكان آخر.
link-reset-button = تعيينها وتسجيل الدخول
invitation-title = أهلًا بك
invitation-text = عيّن كلمة مرور لبوابة { $provider }.
invitation-button = الدخول
password-old = كلمة المرور الحالية
password-new = كلمة المرور الجديدة
password-hint =
    { $shortest ->
        [one] حرف واحد على الأقل؛ ومن الجيد استخدام بضع كلمات يمكنك تذكّرها.
        [two] حرفان على الأقل؛ ومن الجيد استخدام بضع كلمات يمكنك تذكّرها.
        [few] { $shortest } أحرف على الأقل؛ ومن الجيد استخدام بضع كلمات يمكنك تذكّرها.
        [many] { $shortest } حرفًا على الأقل؛ ومن الجيد استخدام بضع كلمات يمكنك تذكّرها.
       *[other] { $shortest } حرف على الأقل؛ ومن الجيد استخدام بضع كلمات يمكنك تذكّرها.
    }
password-refused =
    { $shortest ->
        [one] لا يمكن قبول كلمة المرور هذه: يجب ألا تقل عن حرف واحد، وألا تكون حرفًا واحدًا مكرّرًا، وألا تحتوي على عنوانك.
        [two] لا يمكن قبول كلمة المرور هذه: يجب ألا تقل عن حرفين، وألا تكون حرفًا واحدًا مكرّرًا، وألا تحتوي على عنوانك.
        [few] لا يمكن قبول كلمة المرور هذه: يجب ألا تقل عن { $shortest } أحرف، وألا تكون حرفًا واحدًا مكرّرًا، وألا تحتوي على عنوانك.
        [many] لا يمكن قبول كلمة المرور هذه: يجب ألا تقل عن { $shortest } حرفًا، وألا تكون حرفًا واحدًا مكرّرًا، وألا تحتوي على عنوانك.
       *[other] لا يمكن قبول كلمة المرور هذه: يجب ألا تقل عن { $shortest } حرف، وألا تكون حرفًا واحدًا مكرّرًا، وألا تحتوي على عنوانك.
    }
password-old-wrong = كلمة المرور الحالية غير صحيحة.
password-change = تغيير كلمة المرور

# Behind the sign-in
no-access-title = هذا غير متاح لحسابك
no-access-text = لا يرى حسابك التذاكر. إذا كان ينبغي أن يراها فيُرجى سؤال { $provider }.
home-title = طلباتي
home-empty = لا يوجد أي طلب بعد.
home-older = الأقدم
ticket-title = التذكرة { $number }
ticket-status = الحالة
ticket-status-new = جديدة
ticket-status-open = قيد المعالجة
ticket-status-waiting = في انتظار رد
ticket-status-resolved = محلولة
ticket-status-closed = مغلقة
ticket-since = تاريخ الإرسال
ticket-wrote = ما كُتب
account-title = حسابي
sessions-title = أين سُجّل دخولك
session-this = هذا المتصفح
session-end = إنهاء
home-this-computer = الإبلاغ عن مشكلة في هذا الحاسوب، { $asset }
home-unseen = ما ترسله يصل إلى { $provider }. لا تُعرض الطلبات السابقة هنا.
no-sending-title = هذا غير متاح لحسابك
no-sending-text = لا يرسل حسابك طلبات من هنا. إذا كان ينبغي أن يرسلها فيُرجى سؤال { $provider }.
portal-ticket-description-hint = تكفي جملة أو جملتان.
portal-ticket-computer = أي حاسوب؟
portal-ticket-no-computer = ليس من حواسيبي
portal-ticket-for-whom = لمن؟ (اختياري)
portal-ticket-for-whom-hint = اسم زميل أو عنوان بريده الإلكتروني، إذا لم يكن الطلب لك.
portal-ticket-unverified-email = عنوان بريدك الإلكتروني (اختياري)
portal-ticket-who-sees-it = من يستطيع رؤيته؟
portal-ticket-confidential = إخفاؤه عن بقية أفراد مؤسستي
portal-ticket-people = أشخاص آخرون يجوز لهم رؤيته
portal-ticket-people-hint = أسماء زملاء أو عناوين بريدهم الإلكتروني، واحد في كل سطر.
portal-ticket-other-window = سجّل شخص آخر دخوله في هذا المتصفح في هذه الأثناء. يُرجى التحقق من الاسم أعلاه ثم الإرسال من جديد.
error-email = هذا ليس عنوان بريد إلكتروني.
error-name-missing = يُرجى كتابة اسمك.
error-only-for-yourself = يمكنك إرسال طلباتك أنت فقط.
error-nobody-called = لا يوجد في مؤسستك من اسمه { $name } أو له هذا العنوان.
error-several-called = هناك عدة أشخاص باسم { $name }. يُرجى كتابة عنوان البريد الإلكتروني.
error-too-many-people =
    { $limit ->
        [one] يمكن إضافة شخص واحد على الأكثر.
        [two] يمكن إضافة شخصين على الأكثر.
        [few] يمكن إضافة { $limit } أشخاص على الأكثر.
        [many] يمكن إضافة { $limit } شخصًا على الأكثر.
       *[other] يمكن إضافة { $limit } شخص على الأكثر.
    }
error-not-their-computer = هذا الحاسوب ليس للشخص الذي يخصه الطلب.
not-sent-title = لم يُرسَل هذا
not-sent-text = لم تعد داخل البوابة، أو لا يجوز لك الإرسال من هنا. يُرجى الدخول من جديد.
not-sent-typed = ما كتبته، لنسخه:

# The link of an organization, and the staff's view
switch-title = الانتقال إلى { $organization }
switch-text = هذا المتصفح موجود في البوابة باسم { $before }. لا يمكن أن يكون فيها إلا بحساب واحد في الوقت نفسه.
switch-button = الانتقال إلى { $organization }
switch-stay = البقاء باسم { $before }
staff-view = عرض للموظفين: هذا ما تراه { $organization }. لا يمكن إرسال أي شيء من هنا.
tray-form-only-title = يُرجى استخدام الأيقونة القريبة من الساعة
tray-form-only-text = تستقبل { $provider } الطلبات من الأيقونة القريبة من الساعة في حاسوبك. انقر عليها واختر البوابة.

# Signing up
sign-up-title = إنشاء حساب
sign-up-text = إذا سبق أن طلبت المساعدة من { $provider }، فيمكنك إنشاء حساب بعنوان البريد الإلكتروني نفسه.
sign-up-button = أرسلوا إليّ رابطًا
sign-up-mailed-title = انظر في بريدك
sign-up-mailed-text = إذا سبق أن طُلبت المساعدة من { $provider } بهذا العنوان، فإن رسالة فيها رابط في الطريق. يعمل الرابط مرة واحدة ولفترة قصيرة فقط.
stay-signed-in = البقاء مسجَّلًا على هذا الحاسوب لمدة 30 يومًا
session-stays = يبقى مسجَّلًا
billing-title = الفواتير
billing-empty = لا يوجد شيء هنا بعد.
billing-kind-invoice = فاتورة
billing-kind-estimate = عرض سعر
billing-kind-statement = كشف حساب
billing-kind-credit = إشعار دائن
no-billing-title = هذا غير متاح لحسابك
no-billing-text = لا يرى حسابك الفواتير. إذا كان ينبغي أن يراها فيُرجى سؤال { $provider }.

# In the mail that brings the MSP a ticket
mail-unverified-subject = من شخص لم يُتحقَّق منه
mail-unverified-by-link = كتب شخص ما عبر رابط المؤسسة. ما كُتب موجود في لوحة الإدارة فقط.
mail-unverified-from-computer = كتب شخص ما من هذا الحاسوب باسم لم يتحقق منه أحد. ما كُتب موجود في لوحة الإدارة فقط.

# What the link to the portal reads in mails
mail-online-profile = الملف الشخصي على الإنترنت
mail-online-profile-payment = الملف الشخصي على الإنترنت: تحديث بيانات الدفع

# Where the two mails about a payment lead while the MSP has set no address
payment-title = بيانات الدفع
payment-text = ليست لدى { $provider } صفحة لهذا بعد. نرجو أن تسأل كيف تغيّر بطاقتك أو تدفع.

# A day, and a moment
date = { "\u2066" }{ $day }/{ $month }/{ $year }{ "\u2069" }
moment = { $date }، { $time } UTC

language = اللغة
language-choose = تغيير
no-portal-here = لا توجد بوابة على هذا العنوان. تحقّق من كتابته، أو اسأل من أعطاك إياه.
sample-subject = الطابعة لا تطبع

error-too-many-names = لا أحد في مؤسستك يحمل عدة من الأسماء التي كتبتها. اترك هذا الحقل فارغًا، أو حاول مرة أخرى بعد ربع ساعة.
link-too-many-title = يُرجى العودة لاحقًا
link-too-many-text = فُتح هذا الرابط مرات كثيرة قبل قليل. حاول مرة أخرى بعد ربع ساعة. إذا كان الأمر عاجلًا، فاتصل بـ { $provider }.
error-sent-too-often = لم يُرسل هذا: وصلت طلبات كثيرة جدًا عبر هذا الرابط قبل قليل. ما كتبته لا يزال هنا؛ أرسله مرة أخرى بعد ربع ساعة. إذا كان الأمر عاجلًا، فاتصل بـ { $provider }.

# المقالات
articles-title = المقالات
articles-empty = لا يوجد ما يُقرأ بعد.
articles-may-help = قد يساعدك هذا فورًا:
# Words that are in any text, so that they say nothing of what it is about.
articles-common-words = أنا إلى إنه التي الذي بعد بعض جدا حتى ذلك شكرا على عليه عند عندما غير فقط قبل كان كانت كيف لأن لدي لكن لقد لماذا ليس مرحبا مساعدة مشكلة منذ نحن هذا هذه هناك هنا وهو يمكن أريد أستطيع
article-changed = آخر تعديل: { $day }
article-all = كل المقالات
search-label = البحث
search-button = ابحث
search-nothing = لم يُعثر على شيء عن { $search }.
search-more = المزيد

# الطلبات في البوابة
ticket-history = ما الذي حدث
ticket-colleague = شخص من مؤسستك
ticket-answer = ردك
ticket-answer-reopens = الرد يعيد فتح هذا الطلب.
ticket-close = أغلق هذا الطلب
ticket-reopen = أعد فتحه
error-answer-missing = يرجى كتابة ردك.
ticket-status-unresolved = لم تنتهِ بعد
ticket-status-done = انتهت
home-search = ابحث في طلباتك
home-any-status = أي حالة
home-whose = طلبات من
home-of-all = الجميع
home-of-me = طلباتي
home-nothing = لا يوجد طلب كهذا.

# الحواسيب والبيانات
computers-title = الحواسيب
computers-search = الاسم أو الشخص
computers-empty = لا يوجد حاسوب مخصص لك.
computers-report = أبلغ عن مشكلة في { $asset }
details-name = اسمك
details-phone = رقم هاتفك (اختياري)
details-save = احفظ
error-phone = هذا ليس رقم هاتف.
community-title = المجتمع

new-ticket-department = من ينبغي أن ينظر في الأمر؟
mail-answer-above = يُرجى كتابة ردك فوق هذا السطر.
mail-unverified-by-mail = كتب شخص بالبريد الإلكتروني من عنوان لم يتحقق منه أحد. ما كُتب موجود في لوحة التحكم فقط.
mail-unverified-by-website = كتب شخص ما في موقعكم على الويب. ما كُتب موجود في لوحة التحكم فقط.

# نماذج الموقع
embed-password-hint = اتركها فارغة ليصلك بالبريد رابط لتسجيل الدخول.
check-in-address = أين أنت (اختياري)
check-in-street = الشارع
check-in-city = المدينة
check-in-state = الولاية أو المحافظة
check-in-zip = الرمز البريدي
check-in-country = البلد
check-in-leave-empty = اترك هذه الخانة فارغة
check-in-look-over = يرجى مراجعة ما كتبته ثم إرساله.
check-in-too-many = لم يُرسل: أُرسل الكثير في وقت قصير. ما كتبته لا يزال هنا؛ يرجى إرساله مرة أخرى بعد ربع ساعة، أو الاتصال بـ { $provider }.
check-in-sent-text = شكرًا لك. وصل طلبك إلى { $provider }. احتفظ بالرقم: به وبعنوان بريدك تستطيع السؤال عن حالة الطلب.
check-in-off-title = هذا النموذج غير مستخدم
check-in-off-text = لا يستقبل { $provider } طلبات بهذا النموذج.
look-up-title = ما حالة طلبي؟
look-up-number = رقم التذكرة
look-up-button = أرسلوا لي رابطًا
look-up-mailed-title = انظر في بريدك
look-up-mailed-text = إذا كان طلب بهذا الرقم قد أُرسل بهذا العنوان، فإن رسالة فيها رابط في الطريق. يعرض الرابط حالة الطلب، ويعمل مرة واحدة خلال ساعة.
status-link-text = اطّلع على حالة طلبك وعلى ما أجاب به { $provider }. يعمل هذا الرابط مرة واحدة.
status-link-button = عرض
