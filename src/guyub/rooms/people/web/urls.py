"""Addresses of signing in and out."""

from django.urls import path

from guyub.rooms.people.web import account, second_factor

urlpatterns = [
    path("masuk/", account.sign_in, name="account_login"),
    path(
        "masuk/", account.sign_in, name="account_request_login_code"
    ),  # the library's name for the same page
    path("masuk/kode/", account.enter_code, name="account_confirm_login_code"),
    path("masuk/tujuan/", account.landing, name="account_landing"),
    # Where the library sends whoever has nothing to confirm; without the name its page for the code fails.
    path("masuk/tujuan/", account.landing, name="account_email"),
    path("masuk/kedua/", second_factor.authenticate, name="mfa_authenticate"),
    path("masuk/kedua/lagi/", second_factor.again, name="mfa_reauthenticate"),
    path("masuk/kedua/ingat/", second_factor.remember, name="mfa_trust"),
    path("masuk/kedua/pasang/", second_factor.activate, name="mfa_activate_totp"),
    path("masuk/kedua/pemulihan/", second_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("masuk/kedua/akun/", second_factor.overview, name="mfa_index"),
    path("daftar/", account.sign_up, name="account_signup"),
    path("daftar/kode/", account.confirm_email, name="account_email_verification_sent"),
    path("keluar/", account.sign_out, name="account_logout"),
]
