"""`make audit`: Lighthouse, axe, IBM's accessibility checker and html-validate on the site as in production."""
